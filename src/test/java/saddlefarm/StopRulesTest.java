package saddlefarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.BareRun.Result;
import saddlefarm.analysis.Plateau;
import saddlefarm.descent.Ending;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Workspaces;

/**
 * The rules that end a run by what is found, on a linear ladder: saddles of rank 0, 1, 2, 3 and a minimum of rank 4.
 */
class StopRulesTest {

    private final TaskLibrary tasks = new TaskLibrary();

    @Test
    void aRunEndsAtTheFirstLookAtTheRank() {
        Result result = run("stop.rank = 2");
        assertThat(result.ending()).isEqualTo(Ending.RANK);
        assertThat(result.rows().get(result.rows().size() - 1).rank()).isEqualTo(2);
        assertThat(result.rows().subList(0, result.rows().size() - 1)).allMatch(row -> row.rank() < 2);
        assertThat(result.last().step())
                .isEqualTo(result.rows().get(result.rows().size() - 1).step());
    }

    @Test
    void aSmallGradientOnASaddleIsNoMinimum() {
        Result blind = run("stop.gradient-norm = 0.05");
        assertThat(blind.closing().rank()).isLessThan(4);

        Result result = run("stop.minimum = 0.05");
        assertThat(result.ending()).isEqualTo(Ending.MINIMUM);
        assertThat(result.plateaus())
                .extracting(found -> found.plateau().rank())
                .containsExactly(0, 1, 2, 3);
        Plateau last = result.allPlateaus().get(4).plateau();
        assertThat(last.kind()).isEqualTo(Plateau.Kind.MINIMUM);
        assertThat(last.gradientNorm()).isLessThanOrEqualTo(0.05);
    }

    @Test
    void aRunEndsWhereItsEscapeIsPredictedBeyondItsBudgetAndGoesOnWhereItIsNot() {
        Result whole = run("stop.after-escapes = 2");
        double secondBegins = whole.plateaus().get(1).plateau().startTime();
        double secondEnds = whole.plateaus().get(1).escape().flowTime();

        // A tenth of the second plateau is beyond any prediction, all of it and half as much is not.
        String tooLittle = "stop.max-flow-time = " + (secondBegins + 0.1 * (secondEnds - secondBegins));
        Result ended = run("stop.beyond-budget = 3", tooLittle);
        assertThat(ended.ending()).isEqualTo(Ending.BEYOND_BUDGET);
        assertThat(ended.plateaus()).hasSize(1);
        assertThat(ended.closing().plateau().plateau().kind()).isEqualTo(Plateau.Kind.CANDIDATE);

        String enough = "stop.max-flow-time = " + (secondBegins + 1.5 * (secondEnds - secondBegins));
        Result reached = run("stop.beyond-budget = 3", enough);
        assertThat(reached.plateaus()).hasSize(2);
    }

    @Test
    void aRunThatGoesOnFromACheckpointAsksTheHessianWhereItWouldHave() {
        RunSpec run = spec("stop.minimum = 0.05", "stop.beyond-budget = 1", "stop.max-flow-time = 200");
        var initial = tasks.initialParameters(run);
        Result whole = bare(run).from(initial, Set.of(100L, 1000L, 3000L));
        assertThat(whole.marks()).hasSize(3);
        whole.marks().values().forEach(mark -> {
            Result rest = bare(run).from(mark.checkpoint());
            assertThat(rest.ending()).isEqualTo(whole.ending());
            assertThat(rest.last().step()).isEqualTo(whole.last().step());
            assertThat(rest.checkpoint().analysis().asked())
                    .isEqualTo(whole.checkpoint().analysis().asked());
        });
    }

    /**
     * An escape is confirmed at any step, and decides at the next look. A run that was interrupted between the two ends
     * at that look; one that is taken up where it has ended has ended.
     */
    @ParameterizedTest
    @ValueSource(strings = {"adaptive", "linear"})
    void aRunThatIsTakenUpEndsWhereItWouldHave(String cadence) {
        RunSpec run = spec("stop.after-escapes = 2", "observe.cadence = " + cadence, "observe.every-steps = 37");
        var initial = tasks.initialParameters(run);
        long end = bare(run).from(initial).last().step();
        Result whole =
                bare(run).from(initial, LongStream.range(end - 100, end).boxed().collect(Collectors.toSet()));
        var workshop = new TaskWorkshop(tasks, new Workspaces(1, 0), "a processor");

        List<BareRun.Mark> marks = List.copyOf(whole.marks().values());
        assertThat(marks).hasSize(100);
        assertThat(marks)
                .filteredOn(mark -> mark.checkpoint().analysis().plateaus() == 2)
                .isNotEmpty();
        assertThat(marks)
                .allSatisfy(mark -> assertThat(
                                workshop.training(run, mark.checkpoint()).ending())
                        .isNull());
        assertThat(workshop.training(run, whole.checkpoint()).ending()).isEqualTo(Ending.AFTER_ESCAPES);
    }

    private Result run(String... overrides) {
        RunSpec run = spec(overrides);
        return bare(run).from(tasks.initialParameters(run));
    }

    private static RunSpec spec(String... overrides) {
        return Experiment.load(Path.of("config", "linear-teacher-L3.conf"), List.of(overrides))
                .runs()
                .get(0);
    }

    private BareRun bare(RunSpec run) {
        double rate = ((DescentSettings.GradientDescent) run.descent()).learningRate();
        return new BareRun(
                run.architecture(),
                run.loss(),
                tasks.task(run.data(), run.loss()),
                Kernels.ordered(),
                rate,
                run.limits(),
                run.stopRules(),
                run.observe());
    }
}
