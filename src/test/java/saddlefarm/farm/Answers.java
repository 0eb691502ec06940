package saddlefarm.farm;

import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;

/** What a recorder answers, for tests that stand in its place. */
public final class Answers {

    private Answers() {}

    /** A claim: the run is new, and whoever asked has it. */
    public static void granted(Recorder.Command claim) {
        answer(claim, new Recorder.Claimed(new RunStore.Claim(7, 0, RunStatus.QUEUED, null, null)));
    }

    /** A claim, with what no supervisor can read. */
    @SuppressWarnings("NullAway") // on purpose
    public static void senseless(Recorder.Command claim) {
        answer(claim, new Recorder.Claimed(null));
    }

    /** The failure of a run. */
    public static void noted(Recorder.Command fail) {
        ((Recorder.Fail) fail).replyTo().tell(new Recorder.Written());
    }

    private static void answer(Recorder.Command claim, Recorder.Reply reply) {
        ((Recorder.Claim) claim).replyTo().tell(reply);
    }
}
