package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.descent.Ending;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Training;

/**
 * The trainer, message by message. Slices have no duration, so each is one step, and the trainer reads its mail after
 * it; every tenth step is a row.
 */
class TrainerTest {

    private final RunSpec run = ScriptedRun.spec();
    private final Witness witness = new Witness();
    private final TestInbox<Analyzer.Command> analyzer = TestInbox.create();
    private final TestInbox<Turns.Command> turns = TestInbox.create();

    @Test
    void handsOverEveryStepOnceAndARowWithTheStateAtItsStep() {
        var trainer = trainer(ScriptedRun.ENDLESS);
        List<Analyzer.Segment> segments = new ArrayList<>();
        for (int i = 0; i < 35; i++) {
            slice(trainer);
            for (var segment : received()) {
                segments.add(segment);
                trainer.run(new Trainer.SegmentAnalyzed());
            }
        }
        assertThat(segments)
                .extracting(TrainerTest::steps)
                .containsExactly(range(0, 0), range(1, 10), range(11, 20), range(21, 30));
        assertThat(segments).extracting(segment -> sample(segment).purpose()).containsOnly(Sample.Purpose.ROW);
        assertThat(segments)
                .extracting(segment -> sample(segment).state().step())
                .containsExactly(0L, 10L, 20L, 30L);
        assertThat(witness.steps()).isEqualTo(35);
        assertThat(witness.slices()).isEqualTo(35);
    }

    /** From a loss of 1; a step later there is nothing more to look at. */
    @Test
    void handsOverTheStateAtWhichTheLossHasDropped() {
        var trainer = trainer(new ScriptedRun(step -> step < 4 ? 1 : 0.97));
        slices(trainer, 7);
        var segments = received();
        assertThat(segments).extracting(TrainerTest::steps).containsExactly(range(0, 0), range(1, 4));
        assertThat(sample(segments.get(1)).purpose()).isEqualTo(Sample.Purpose.ESCAPE);
        assertThat(sample(segments.get(1)).state().step()).isEqualTo(4);
    }

    @Test
    void waitsWhileTwoSegmentsAreOnTheirWay() {
        var trainer = trainer(ScriptedRun.ENDLESS);
        int slices = sliceUntilItWaits(trainer);
        assertThat(slices).isEqualTo(11);
        assertThat(received()).hasSize(2);
        trainer.run(new Trainer.SegmentAnalyzed());
        assertThat(sliceUntilItWaits(trainer)).isEqualTo(10);
        assertThat(received()).hasSize(1);
        // Another answer while it is stepping already does not make it step twice as often.
        trainer.run(new Trainer.SegmentAnalyzed());
        trainer.run(new Trainer.SegmentAnalyzed());
        assertThat(turns.getAllReceived()).hasSize(1);
    }

    @Test
    void tellsStepsBeforeTheyFillItsMemoryEvenWithoutARow() {
        var trainer = trainer(() -> ScriptedRun.ENDLESS.sparse(run, 10_000));
        assertThat(sliceUntilItWaits(trainer)).isEqualTo(257);
        var segments = received();
        assertThat(segments).extracting(TrainerTest::steps).containsExactly(range(0, 0), range(1, 256));
        assertThat(segments.get(1).sample()).isNull();
    }

    @Test
    void stepsForAsLongAsItsSliceLastsAndThenReadsItsMail() {
        // In a slice of a day it steps until it has to wait.
        var trainer = BehaviorTestKit.create(Trainer.create(
                "a run",
                () -> ScriptedRun.ENDLESS.training(run, null),
                analyzer.getRef(),
                turns.getRef(),
                witness,
                Duration.ofDays(1)));
        slice(trainer);
        assertThat(witness.slices()).isEqualTo(1);
        assertThat(witness.steps()).isEqualTo(11);
        assertThat(wantsTurn()).isFalse();
    }

    @Test
    void handsOverACheckpointBetweenTwoStepsWithAllThatWasStepped() {
        var trainer = trainer(ScriptedRun.ENDLESS);
        slices(trainer, 6);
        assertThat(received()).hasSize(1);
        trainer.run(new Trainer.Checkpoint());
        var segment = only();
        assertThat(sample(segment).purpose()).isEqualTo(Sample.Purpose.CHECKPOINT);
        assertThat(steps(segment)).isEqualTo(range(1, 5));
        assertThat(sample(segment).state().step()).isEqualTo(5);
        assertThat(sample(segment).cadence().rowStep()).isZero();
        trainer.run(new Trainer.SegmentAnalyzed());
        slices(trainer, 5);
        assertThat(steps(only())).isEqualTo(range(6, 10));
    }

    @Test
    void handsOverACheckpointEvenWhileItWaits() {
        var trainer = trainer(ScriptedRun.ENDLESS);
        sliceUntilItWaits(trainer);
        received();
        trainer.run(new Trainer.Checkpoint());
        assertThat(sample(only()).state().step()).isEqualTo(10);
        trainer.run(new Trainer.SegmentAnalyzed());
        assertThat(wantsTurn()).isFalse();
        trainer.run(new Trainer.SegmentAnalyzed());
        assertThat(wantsTurn()).isTrue();
    }

    @Test
    void hasNoCheckpointBeforeItsFirstStep() {
        var trainer = trainer(ScriptedRun.ENDLESS);
        trainer.run(new Trainer.Checkpoint());
        assertThat(analyzer.hasMessages()).isFalse();
        slice(trainer);
        assertThat(received())
                .extracting(segment -> sample(segment).purpose())
                .containsExactly(Sample.Purpose.ROW, Sample.Purpose.CHECKPOINT);
    }

    @Test
    void haltsBetweenTwoStepsForGood() {
        var trainer = trainer(ScriptedRun.ENDLESS);
        slices(trainer, 6);
        received();
        trainer.run(new Trainer.Halt());
        var segment = only();
        assertThat(sample(segment).purpose()).isEqualTo(Sample.Purpose.HALT);
        assertThat(steps(segment)).isEqualTo(range(1, 5));
        assertThat(sample(segment).state().step()).isEqualTo(5);
        trainer.run(new Trainer.SegmentAnalyzed());
        slices(trainer, 1);
        trainer.run(new Trainer.Halt());
        trainer.run(new Trainer.Checkpoint());
        assertThat(wantsTurn()).isFalse();
        assertThat(analyzer.hasMessages()).isFalse();
        assertThat(witness.steps()).isEqualTo(6);
    }

    @Test
    void haltsAfterItsFirstStepWhenItHasTakenNone() {
        var trainer = trainer(ScriptedRun.ENDLESS);
        trainer.run(new Trainer.Halt());
        var segments = received();
        assertThat(segments)
                .extracting(segment -> sample(segment).purpose())
                .containsExactly(Sample.Purpose.ROW, Sample.Purpose.HALT);
        assertThat(segments).extracting(TrainerTest::steps).containsExactly(range(0, 0), List.of());
        assertThat(sample(segments.get(1)).state().step()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {25, 20})
    void endsWithTheStateThatMeetsALimitWhetherOrNotItIsARow(long last) {
        var trainer = trainer(ScriptedRun.endingAt(last));
        List<Analyzer.Segment> segments = untilItEnds(trainer);
        var end = sample(segments.get(segments.size() - 1));
        assertThat(end.purpose()).isEqualTo(Sample.Purpose.END);
        assertThat(end.ending()).isEqualTo(Ending.LOSS);
        assertThat(end.state().step()).isEqualTo(last);
        assertThat(segments).flatMap(TrainerTest::steps).isEqualTo(range(0, last));
        trainer.run(new Trainer.Halt());
        trainer.run(new Trainer.Checkpoint());
        assertThat(analyzer.hasMessages()).isFalse();
    }

    @Test
    void endsADivergedRunAtItsLastFiniteStateWithoutTheStepThatIsNot() {
        var trainer = trainer(new ScriptedRun(step -> step < 25 ? 1 : Double.POSITIVE_INFINITY));
        List<Analyzer.Segment> segments = untilItEnds(trainer);
        var end = sample(segments.get(segments.size() - 1));
        assertThat(end.ending()).isEqualTo(Ending.DIVERGED);
        assertThat(end.state().step()).isEqualTo(24);
        assertThat(end.state().loss()).isEqualTo(1);
        assertThat(segments).flatMap(TrainerTest::steps).isEqualTo(range(0, 24));
    }

    @Test
    void failsWhenTheInitialStateIsNotFinite() {
        var trainer = trainer(new ScriptedRun(step -> Double.NaN));
        assertThatThrownBy(() -> trainer.run(Turns.Turn.TURN))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("the loss at the initial weights is not finite");
    }

    @Test
    void goesOnBehindACheckpointsStep() {
        var checkpoint = ScriptedRun.ENDLESS.checkpoint(run, 14);
        var trainer = trainer(() -> ScriptedRun.ENDLESS.training(run, checkpoint));
        trainer.run(new Trainer.Checkpoint());
        var first = only();
        assertThat(steps(first)).isEmpty();
        assertThat(sample(first).state().step()).isEqualTo(14);
        trainer.run(new Trainer.SegmentAnalyzed());
        slices(trainer, 6);
        assertThat(steps(only())).isEqualTo(range(15, 20));
    }

    @Test
    void takesNoStepFromACheckpointThatMeetsALimit() {
        var ended = ScriptedRun.endingAt(25);
        var checkpoint = ended.checkpoint(run, 25);
        trainer(() -> ended.training(run, checkpoint));
        var end = only();
        assertThat(steps(end)).isEmpty();
        assertThat(sample(end).purpose()).isEqualTo(Sample.Purpose.END);
        assertThat(sample(end).ending()).isEqualTo(Ending.LOSS);
        assertThat(sample(end).state().step()).isEqualTo(25);
        assertThat(wantsTurn()).isFalse();
    }

    @Test
    void givesUpTheMemoryOfComputingWheneverItWaitsForItsTurn() {
        var training = ScriptedRun.ENDLESS.training(run, ScriptedRun.ENDLESS.checkpoint(run, 14));
        assertThat(ScriptedRun.resting(training)).isFalse();
        var trainer = trainer(() -> training);
        assertThat(ScriptedRun.resting(training)).isTrue();
        training.step();
        assertThat(ScriptedRun.resting(training)).isFalse();
        slice(trainer);
        assertThat(ScriptedRun.resting(training)).isTrue();
    }

    // --- the trainer's mail ---

    private BehaviorTestKit<Trainer.Command> trainer(ScriptedRun script) {
        return trainer(() -> script.training(run, null));
    }

    private BehaviorTestKit<Trainer.Command> trainer(Supplier<Training> training) {
        return BehaviorTestKit.create(
                Trainer.create("a run", training, analyzer.getRef(), turns.getRef(), witness, Duration.ZERO));
    }

    /** Gives the trainer the turn that it wants. */
    private void slice(BehaviorTestKit<Trainer.Command> trainer) {
        turns.expectMessage(new Turns.Want(trainer.getRef().narrow()));
        trainer.run(Turns.Turn.TURN);
        turns.expectMessage(new Turns.Taken(trainer.getRef().narrow()));
    }

    private boolean wantsTurn() {
        return turns.hasMessages();
    }

    /** So many slices, or fewer if it waits. */
    private void slices(BehaviorTestKit<Trainer.Command> trainer, int count) {
        for (int i = 0; i < count && wantsTurn(); i++) {
            slice(trainer);
        }
    }

    private int sliceUntilItWaits(BehaviorTestKit<Trainer.Command> trainer) {
        int slices = 0;
        while (wantsTurn()) {
            slice(trainer);
            slices++;
        }
        return slices;
    }

    /** All segments of a trainer whose analyzer answers at once. */
    private List<Analyzer.Segment> untilItEnds(BehaviorTestKit<Trainer.Command> trainer) {
        List<Analyzer.Segment> segments = new ArrayList<>();
        while (wantsTurn()) {
            slice(trainer);
            for (var segment : received()) {
                segments.add(segment);
                trainer.run(new Trainer.SegmentAnalyzed());
            }
        }
        return segments;
    }

    private List<Analyzer.Segment> received() {
        return analyzer.getAllReceived().stream()
                .map(Analyzer.Segment.class::cast)
                .toList();
    }

    private Analyzer.Segment only() {
        var segments = received();
        assertThat(segments).hasSize(1);
        return segments.get(0);
    }

    private static Sample sample(Analyzer.Segment segment) {
        return Objects.requireNonNull(segment.sample());
    }

    private static List<Long> steps(Analyzer.Segment segment) {
        List<Long> steps = new ArrayList<>();
        for (int i = 0; i < segment.steps().size(); i++) {
            steps.add(segment.steps().step(i));
            // The script's flow time is its step.
            assertThat(segment.steps().flowTime(i))
                    .isEqualTo((double) segment.steps().step(i));
        }
        return steps;
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
