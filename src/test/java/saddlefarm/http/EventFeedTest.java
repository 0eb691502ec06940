package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.Deaf;
import saddlefarm.run.NoBoard;
import saddlefarm.run.Progress;
import saddlefarm.run.RunBoard.LiveRun;
import saddlefarm.run.RunStatus;

/** The log behind the event stream. */
class EventFeedTest {

    private final EventFeed feed = new EventFeed(new NoBoard(), new Deaf());
    private final RunSpec run = TestRuns.specs(1).get(0);

    @Test
    void aReaderThatComesBackSeesTheLastRowOnlyAndEveryFinding() {
        feed.changed(run, RunStatus.RUNNING, null, null);
        feed.show(at(100));
        feed.found(run, new Finding.Transition(1, 90, 9, 0));
        feed.show(at(200));
        feed.found(run, new Finding.Transition(2, 190, 19, 1));
        feed.show(at(300));

        assertThat(texts(0))
                .satisfiesExactly(
                        text -> assertThat(text).contains("event: status", "\"status\":\"running\""),
                        text -> assertThat(text).contains("event: finding", "\"transition\":1"),
                        text -> assertThat(text).contains("event: finding", "\"transition\":2"),
                        text -> assertThat(text).contains("event: snapshot", "\"step\":300"));
    }

    @Test
    void whatARunIsShownAsTwiceIsToldOnce() {
        feed.show(at(100));
        long read = last();
        feed.show(at(100));

        assertThat(feed.after(read)).isEmpty();
    }

    @Test
    void aTransitionIsToldAgainWhenTheNextPlateausRankIsKnown() {
        feed.found(run, new Finding.Transition(1, 90, 9, 0));
        long read = last();
        feed.found(run, TestRuns.left(0, 0, run.architecture()));
        assertThat(texts(read)).singleElement().asString().contains("\"plateau\":0");

        feed.found(run, TestRuns.left(1, 2, run.architecture()));

        assertThat(texts(read))
                .anySatisfy(text -> assertThat(text).contains("\"transition\":1", "\"rank_after\":2"))
                .hasSize(3);
    }

    @Test
    void theLastTransitionsRankIsTheFinalOne() {
        feed.found(run, new Finding.Transition(1, 90, 9, 0));
        feed.changed(run, RunStatus.COMPLETED, new Progress(100, 10, 0.5, 3, 1, null), null);

        assertThat(texts(0)).anySatisfy(text -> assertThat(text).contains("\"transition\":1", "\"rank_after\":3"));
    }

    @Test
    void theRankAfterATransitionIsThatOfWhereARunComesToRestThoughItWasCancelledBefore() {
        feed.found(run, new Finding.Transition(1, 90, 9, 0));
        feed.changed(run, RunStatus.CANCELLED, new Progress(100, 10, 0.5, 3, 1, null), null);
        feed.changed(run, RunStatus.RUNNING, null, null);
        assertThat(texts(0)).anySatisfy(text -> assertThat(text).contains("\"transition\":1", "\"rank_after\":null"));

        feed.found(run, TestRuns.left(1, 2, run.architecture()));

        assertThat(texts(0)).anySatisfy(text -> assertThat(text).contains("\"transition\":1", "\"rank_after\":2"));
    }

    /** It is as large as the network, and runs that have ended are remembered. */
    @Test
    void howAPlateauWasLeftIsNotKept() {
        WeakReference<Escape> escape = leavePlateau();

        await().untilAsserted(() -> {
            System.gc();
            assertThat(escape.refersTo(null)).isTrue();
        });
        assertThat(texts(0)).singleElement().asString().contains("\"plateau\":0");
    }

    private WeakReference<Escape> leavePlateau() {
        Finding.PlateauFound found = TestRuns.left(0, 0, run.architecture());
        feed.found(run, found);
        return new WeakReference<>(Objects.requireNonNull(found.escape()));
    }

    /** A farm that is served for months has had any number of runs. */
    @Test
    void whatWasNotReadOfRunsThatEndedLongAgoIsForgottenAndThatIsKnown() {
        List<RunSpec> runs = TestRuns.specs(EventFeed.ENDED_RUNS + 10);
        runs.forEach(each -> feed.changed(each, RunStatus.RUNNING, null, null));
        long read = last();
        assertThat(feed.forgotten()).isZero();
        // Runs that go on are kept, however many there are.
        assertThat(feed.after(0)).hasSize(runs.size());

        runs.forEach(each -> feed.changed(each, RunStatus.COMPLETED, null, null));

        assertThat(feed.after(0)).hasSize(EventFeed.ENDED_RUNS);
        assertThat(feed.forgotten()).isGreaterThan(read);
        assertThat(feed.after(feed.forgotten())).hasSize(EventFeed.ENDED_RUNS);
    }

    @Test
    void aRunThatIsTakenUpAgainIsNotForgotten() {
        feed.changed(run, RunStatus.FAILED, null, "why");
        feed.changed(run, RunStatus.RUNNING, null, null);
        TestRuns.specs("others", EventFeed.ENDED_RUNS + 1)
                .forEach(each -> feed.changed(each, RunStatus.COMPLETED, null, null));

        assertThat(texts(0)).anySatisfy(text -> assertThat(text).contains(run.id(), "running"));
    }

    /** Readers keep nothing but a number: what they have passed must not come later. */
    @Test
    void noReaderMissesWhatOthersPublishAtTheSameMoment() {
        int findings = 5000;
        List<Thread> writers = new ArrayList<>();
        for (RunSpec each : TestRuns.specs(3)) {
            writers.add(new Thread(() -> {
                for (int k = 1; k <= findings; k++) {
                    feed.found(each, new Finding.Transition(k, k, k, k));
                }
            }));
        }
        writers.forEach(Thread::start);
        int seen = 0;
        long read = 0;
        boolean writing = true;
        while (writing) {
            // What is there once they have ended is read too.
            writing = writers.stream().anyMatch(Thread::isAlive);
            for (EventFeed.Entry entry : feed.after(read)) {
                read = entry.number();
                seen++;
            }
        }

        assertThat(seen).isEqualTo(3 * findings);
    }

    private LiveRun at(long step) {
        var row = new Snapshot(step, step * 0.1, 0.5, 0.25, 2, 1, new Spectra(new double[][] {{2, 1}}));
        return new LiveRun(run, RunStatus.RUNNING, step, row, 0L, 1, 0, null, List.of(1));
    }

    private long last() {
        long last = 0;
        for (EventFeed.Entry entry : feed.after(0)) {
            last = entry.number();
        }
        return last;
    }

    private List<String> texts(long after) {
        return StreamSupport.stream(feed.after(after).spliterator(), false)
                .map(entry -> entry.told().event().text(false).utf8String())
                .toList();
    }
}
