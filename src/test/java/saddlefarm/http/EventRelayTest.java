package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.Deaf;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunBoard.LiveRun;
import saddlefarm.run.RunStatus;

/** What the clients of one node hear of another's runs. */
class EventRelayTest {

    private final ActorTestKit kit = ActorTestKit.create();
    private final EventFeed here = new EventFeed(new NoBoard(), new Deaf());
    private final EventFeed there = new EventFeed(new NoBoard(), new Deaf());
    private final RunSpec run = TestRuns.specs(1).get(0);
    private ActorRef<EventRelay.Command> other;

    @BeforeEach
    void spawn() {
        kit.spawn(EventRelay.create(here));
        other = kit.spawn(EventRelay.create(there));
    }

    @AfterEach
    void shutDown() {
        kit.shutdownTestKit();
    }

    @Test
    void aClientHearsWhatHappenedAndHappensOnTheOtherNode() {
        there.changed(run, RunStatus.RUNNING, null, null);
        here.followed(Set.of());
        awaitTexts("\"status\":\"running\"");

        there.found(run, new Finding.Transition(1, 90, 9, 0));
        awaitTexts("\"transition\":1");
        there.show(at(100));
        awaitTexts("\"step\":100");
        // and nobody hears an echo
        assertThat(texts(there)).hasSize(3);
        there.followed(Set.of());
        here.changed(TestRuns.specs(2).get(1), RunStatus.RUNNING, null, null);
        await().until(() -> texts(there).size() == 4);
        assertThat(texts(here)).hasSize(4);
    }

    @Test
    void detailsComeOfRunsOfWhichSomebodyWantsThem() {
        RunSpec second = TestRuns.specs(2).get(1);
        here.followed(Set.of(second.id()));
        there.show(at(100));
        there.show(new LiveRun(second, RunStatus.RUNNING, 7, row(7), 0L, 1, 0, null, List.of(1)));

        await().untilAsserted(() -> assertThat(detailed(here))
                .satisfiesExactlyInAnyOrder(
                        text -> assertThat(text).contains("\"step\":100").doesNotContain("singular_values"),
                        text -> assertThat(text).contains("\"step\":7").contains("singular_values")));
    }

    /** A run has moved here: what its node before had told last comes late. */
    @Test
    void whatIsKnownAlreadyIsNotReplacedByWhatHappenedBefore() {
        here.hear(told(run, 1000, "newer"));
        here.hear(told(run, 999, "older"));
        assertThat(texts(here)).singleElement().asString().contains("newer");
        here.hear(told(run, 1001, "newest"));
        assertThat(texts(here)).singleElement().asString().contains("newest");
    }

    /** By the head, with a clock that is a little fast; the node that takes it up tells the rest. */
    @Test
    void aRunThatWaitedAndIsTakenUpElsewhereRuns() {
        there.show(new LiveRun(run, RunStatus.QUEUED, 0, null, 0L, 0, 0, null, List.of()));
        here.followed(Set.of());
        awaitTexts("\"status\":\"queued\"");
        here.hear(told(run, System.currentTimeMillis() - 900, "running"));
        assertThat(texts(here)).singleElement().asString().contains("running");
    }

    @Test
    void muchIsToldInPiecesAndAllOfIt() {
        List<RunSpec> runs = TestRuns.specs(1500);
        runs.forEach(each -> there.changed(each, RunStatus.RUNNING, null, null));
        TestProbe<EventRelay.Command> probe = kit.createTestProbe();
        other.tell(new EventRelay.Pull("", 0, Set.of(), probe.getRef()));
        var batch = probe.expectMessageClass(EventRelay.Batch.class);
        assertThat(batch.more()).isTrue();
        assertThat(batch.items().stream().mapToInt(item -> item.text().length()).sum())
                .isLessThan(150_000);
        here.followed(Set.of());
        await().until(() -> texts(here).size() == runs.size());
    }

    /** It has been away for so long that the other node has forgotten what it did not hear. */
    @Test
    void clientsReadAgainWhatIsStoredWhenSomethingWasMissed() {
        there.changed(run, RunStatus.RUNNING, null, null);
        here.followed(Set.of());
        awaitTexts("running");
        here.left(Set.of());
        var others = TestRuns.specs("others", EventFeed.ENDED_RUNS + 5);
        others.forEach(each -> there.changed(each, RunStatus.COMPLETED, null, null));
        assertThat(here.forgotten()).isZero();
        here.followed(Set.of());
        await().until(() -> here.forgotten() > 0);
    }

    @Test
    void nobodyIsAskedWhileThereAreNoClients() {
        var timed = ActorTestKit.create(ManualTime.config());
        try {
            var time = ManualTime.get(timed.system());
            TestProbe<EventRelay.Command> peer = timed.createTestProbe();
            timed.system().receptionist().tell(Receptionist.register(EventRelay.KEY, peer.getRef()));
            timed.spawn(EventRelay.create(here));
            here.followed(Set.of());
            await().ignoreExceptionsInstanceOf(AssertionError.class).until(() -> {
                time.timePasses(EventRelay.PERIOD);
                peer.expectMessageClass(EventRelay.Pull.class, Duration.ofMillis(50));
                return true;
            });
            here.left(Set.of());
            // Longer than it would wait for the answer.
            time.timePasses(EventRelay.PERIOD.multipliedBy(100));
            peer.expectNoMessage(Duration.ofMillis(50));
            here.followed(Set.of());
            time.timePasses(EventRelay.PERIOD);
            peer.expectMessageClass(EventRelay.Pull.class);
        } finally {
            timed.shutdownTestKit();
        }
    }

    private static EventFeed.Told told(RunSpec run, long time, String text) {
        return new EventFeed.Told(run.id(), run.experiment(), "status", time, false, Event.of(text, null));
    }

    private void awaitTexts(String part) {
        await().untilAsserted(() ->
                assertThat(texts(here)).anySatisfy(text -> assertThat(text).contains(part)));
    }

    private LiveRun at(long step) {
        return new LiveRun(run, RunStatus.RUNNING, step, row(step), 0L, 1, 0, null, List.of(1));
    }

    private static Snapshot row(long step) {
        return new Snapshot(step, step * 0.1, 0.5, 0.25, 2, 1, new Spectra(new double[][] {{2, 1}}));
    }

    private static List<String> texts(EventFeed feed) {
        return texts(feed, false);
    }

    private static List<String> detailed(EventFeed feed) {
        return texts(feed, true);
    }

    private static List<String> texts(EventFeed feed, boolean detailed) {
        return StreamSupport.stream(feed.after(0).spliterator(), false)
                .map(entry -> entry.told().event().text(detailed).utf8String())
                .toList();
    }
}
