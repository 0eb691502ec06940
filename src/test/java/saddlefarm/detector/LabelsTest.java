package saddlefarm.detector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import saddlefarm.TestTasks;
import saddlefarm.detector.Rung.Fate;

/** On the linear teacher of strengths 4, 2, 1, ½, whose rungs have the losses 10.625, 2.625, 0.625, 0.125. */
class LabelsTest {

    private final Modes modes = new Modes(TestTasks.linearTeacher(0));
    private final Labels labels = new Labels(modes, 0.1);

    @Test
    void aRungLastsWhileItsModesAloneAreLearned() {
        see(0, 10.625, 0, 0, 0, 0);
        see(1, 10.6, 0.1, 0, 0, 0);
        see(2, 9, 0.11, 0, 0, 0);
        see(3, 4, 0.5, 0, 0, 0);
        see(4, 2.7, 0.9, 0, 0, 0);
        see(5, 2.6, 0.99, 0.05, 0, 0);
        see(6, 2.3, 1, 0.2, 0, 0);
        see(7, 2, 1, 0.49, 0, 0);
        double infinite = Double.POSITIVE_INFINITY;
        assertThat(labels.rungs())
                .containsExactly(new Rung(0, 0, 2, 3, Fate.LEFT), new Rung(1, 4, 6, infinite, Fate.LEAVING));
        assertThat(labels.learned()).isEqualTo(1);
    }

    @Test
    void aRungThatNoOtherModeEndedIsOpen() {
        see(0, 10.625, 0, 0, 0, 0);
        see(1, 10.625, 0, 0, 0, 0);
        assertThat(labels.rungs()).containsExactly(new Rung(0, 0, 1, Double.POSITIVE_INFINITY, Fate.OPEN));
    }

    @Test
    void whereMoreOfTheLossIsLeftThanItsRankLeavesThereIsNoRung() {
        see(1, 2.625 * 1.11, 1, 0, 0, 0);
        see(2, 2.625 * 1.09, 1, 0, 0, 0);
        assertThat(labels.rungs())
                .singleElement()
                .satisfies(rung -> assertThat(rung.start()).isEqualTo(2));
    }

    @Test
    void modesAreLearnedInTheirOrderOrThereIsNoRung() {
        see(1, 2.625, 0, 1, 0, 0);
        see(2, 2.625, 1, 0, 0, -0.2);
        assertThat(labels.rungs()).isEmpty();
    }

    @Test
    void anInterruptionDoesNotEndARung() {
        see(1, 2.625, 1, 0, 0, 0);
        see(2, 2.7, 0.89, 0, 0, 0);
        see(3, 2.625, 1, 0, 0, 0);
        see(4, 2, 1, 0.5, 0, 0);
        assertThat(labels.rungs()).containsExactly(new Rung(1, 1, 4, 4, Fate.LEFT));
    }

    @Test
    void whereAllIsLearnedIsNoRung() {
        see(1, 0, 1, 1, 1, 1);
        assertThat(labels.rungs()).isEmpty();
        assertThat(labels.learned()).isEqualTo(4);
    }

    @Test
    void aRungCountsWhenItWasLeftCanBeSeenAndLastedAsLongAsItsEscape() {
        assertThat(new Rung(1, 10, 13, 16, Fate.LEFT).counts()).isTrue();
        // Shorter than its escape; than a tenth of a decade; not left.
        assertThat(new Rung(1, 10, 13, 16.1, Fate.LEFT).counts()).isFalse();
        assertThat(new Rung(1, 10, 12.5, 13, Fate.LEFT).counts()).isFalse();
        assertThat(new Rung(1, 10, 13, 16, Fate.LEAVING).counts()).isFalse();
        assertThat(new Rung(0, 0, 1, 1.5, Fate.LEFT).counts()).isTrue();
    }

    private void see(double flowTime, double loss, double... learned) {
        labels.see(flowTime, loss, learned);
    }
}
