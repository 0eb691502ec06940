package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;

class AdmissionTest {

    private static final long EACH = 10;

    @Test
    void runsOfOneExperimentBeginInTheOrderInWhichTheyCame() {
        var admission = new Admission(2, Long.MAX_VALUE, run -> EACH);
        List<RunSpec> runs = TestRuns.specs("one", 3);
        runs.forEach(admission::add);
        assertThat(begin(admission)).containsExactly(runs.get(0), runs.get(1));
        admission.ended(runs.get(1));
        assertThat(begin(admission)).containsExactly(runs.get(2));
        assertThat(admission.empty()).isTrue();
    }

    /** A sweep of a hundred runs does not keep one of two waiting. */
    @Test
    void experimentsShareFairly() {
        var admission = new Admission(4, Long.MAX_VALUE, run -> EACH);
        List<RunSpec> large = TestRuns.specs("large", 100);
        List<RunSpec> small = TestRuns.specs("small", 2);
        large.forEach(admission::add);
        assertThat(begin(admission)).isEqualTo(large.subList(0, 4));
        small.forEach(admission::add);
        admission.ended(large.get(0));
        assertThat(begin(admission)).containsExactly(small.get(0));
        admission.ended(large.get(1));
        assertThat(begin(admission)).containsExactly(small.get(1));
        admission.ended(small.get(0));
        assertThat(begin(admission)).containsExactly(large.get(4));
    }

    @Test
    void amongEqualsTheOneServedLongestAgoIsNext() {
        var admission = new Admission(1, Long.MAX_VALUE, run -> EACH);
        List<RunSpec> one = TestRuns.specs("one", 2);
        List<RunSpec> other = TestRuns.specs("other", 2);
        one.forEach(admission::add);
        other.forEach(admission::add);
        assertThat(oneByOne(admission)).containsExactly(one.get(0), other.get(0), one.get(1), other.get(1));
    }

    /** One that comes again and again must not pass those that have waited since before it was last served. */
    @Test
    void whoHadItsTurnComesAfterThoseWhoHaveWaitedSince() {
        var admission = new Admission(1, Long.MAX_VALUE, run -> EACH);
        List<RunSpec> one = TestRuns.specs("one", 2);
        List<RunSpec> two = TestRuns.specs("two", 3);
        List<RunSpec> three = TestRuns.specs("three", 3);
        three.forEach(admission::add);
        admission.add(one.get(0));
        two.forEach(admission::add);
        assertThat(begin(admission)).containsExactly(three.get(0));
        admission.ended(three.get(0));
        assertThat(begin(admission)).containsExactly(one.get(0));
        admission.ended(one.get(0));
        assertThat(begin(admission)).containsExactly(two.get(0));
        admission.add(one.get(1)); // after a time in which none of it waited
        admission.ended(two.get(0));
        assertThat(oneByOne(admission)).containsExactly(three.get(1), one.get(1), two.get(1), three.get(2), two.get(2));
    }

    @Test
    void whoComesBackAfterAllOthersWereServedIsNext() {
        var admission = new Admission(1, Long.MAX_VALUE, run -> EACH);
        List<RunSpec> one = TestRuns.specs("one", 2);
        List<RunSpec> two = TestRuns.specs("two", 3);
        admission.add(one.get(0));
        two.forEach(admission::add);
        assertThat(begin(admission)).containsExactly(one.get(0));
        admission.ended(one.get(0));
        assertThat(begin(admission)).containsExactly(two.get(0));
        admission.add(one.get(1));
        admission.ended(two.get(0));
        assertThat(oneByOne(admission)).containsExactly(one.get(1), two.get(1), two.get(2));
    }

    /** A farm that serves for weeks sees more experiments than it should remember. */
    @Test
    void experimentsThatAreDoneAreForgotten() {
        var admission = new Admission(1, Long.MAX_VALUE, run -> EACH);
        List<RunSpec> many = TestRuns.specs("long", 100);
        many.forEach(admission::add);
        for (int i = 0; i < 50; i++) {
            admission.add(TestRuns.specs("short " + i, 1, "scheduling.priority=" + i % 2)
                    .get(0));
            for (int k = 0; k < 2; k++) {
                admission.ended(begin(admission).get(0));
            }
            assertThat(admission.known()).isLessThanOrEqualTo(3);
        }
        TestRuns.specs("left", 3).forEach(admission::add);
        TestRuns.specs("left", 3).forEach(run -> admission.remove(run.id()));
        oneByOne(admission);
        assertThat(admission.known()).isZero();
    }

    @Test
    void aHigherPriorityGoesFirstWhoeverWaits() {
        var admission = new Admission(1, Long.MAX_VALUE, run -> EACH);
        List<RunSpec> usual = TestRuns.specs("usual", 2);
        List<RunSpec> urgent = TestRuns.specs("urgent", 2, "scheduling.priority=5");
        usual.forEach(admission::add);
        urgent.forEach(admission::add);
        assertThat(oneByOne(admission)).containsExactly(urgent.get(0), urgent.get(1), usual.get(0), usual.get(1));
    }

    @Test
    void noMoreBeginThanTheMemoryHolds() {
        var admission = new Admission(100, 35, run -> EACH);
        List<RunSpec> runs = TestRuns.specs("one", 5);
        runs.forEach(admission::add);
        assertThat(begin(admission)).hasSize(3);
        admission.ended(runs.get(2));
        assertThat(begin(admission)).containsExactly(runs.get(3));
    }

    /** Small ones that fit must not pass it for ever, and it must not wait for ever. */
    @Test
    void aLargeRunHoldsUpTheOthersAndBeginsAlone() {
        List<RunSpec> runs = TestRuns.specs("one", 3);
        RunSpec large = runs.get(1);
        var admission = new Admission(100, 35, run -> run.equals(large) ? 1000 : EACH);
        runs.forEach(admission::add);
        assertThat(begin(admission)).containsExactly(runs.get(0));
        admission.ended(runs.get(0));
        assertThat(begin(admission)).containsExactly(large);
        admission.ended(large);
        assertThat(begin(admission)).containsExactly(runs.get(2));
    }

    @Test
    void whoWaitsCanBeTakenOutAndWaitsOnce() {
        var admission = new Admission(1, Long.MAX_VALUE, run -> EACH);
        List<RunSpec> runs = TestRuns.specs("one", 2);
        assertThat(admission.add(runs.get(0))).isTrue();
        assertThat(admission.add(runs.get(0))).isFalse();
        assertThat(admission.add(runs.get(1))).isTrue();
        assertThat(admission.remove(runs.get(0).id())).isEqualTo(runs.get(0));
        assertThat(admission.remove(runs.get(0).id())).isNull();
        assertThat(begin(admission)).containsExactly(runs.get(1));
    }

    /** All, each when the one before has ended. */
    private static List<RunSpec> oneByOne(Admission admission) {
        var order = new ArrayList<RunSpec>();
        while (!admission.empty()) {
            RunSpec begun = begin(admission).get(0);
            order.add(begun);
            admission.ended(begun);
        }
        return order;
    }

    /** All that may begin now. */
    private static List<RunSpec> begin(Admission admission) {
        var begun = new ArrayList<RunSpec>();
        for (RunSpec next = admission.next(); next != null; next = admission.next()) {
            admission.begun(next);
            begun.add(next);
        }
        return begun;
    }
}
