package saddlefarm.farm;

import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;

/** What a recorder answers to a claim, for tests that stand in its place. */
public final class Answers {

    private Answers() {}

    /** The run is new, and whoever asked has it. */
    public static void granted(Recorder.Command claim) {
        answer(claim, new Recorder.Claimed(new RunStore.Claim(7, 0, RunStatus.QUEUED, null, null)));
    }

    /** What no supervisor can read. */
    @SuppressWarnings("NullAway") // on purpose
    public static void senseless(Recorder.Command claim) {
        answer(claim, new Recorder.Claimed(null));
    }

    private static void answer(Recorder.Command claim, Recorder.Reply reply) {
        ((Recorder.Claim) claim).replyTo().tell(reply);
    }
}
