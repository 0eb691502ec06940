package saddlefarm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Cadence;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.EscapeMode;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Finding.Transition;
import saddlefarm.analysis.Phase;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.PlateauDetector;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.SaddleIndex;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.analysis.StopDecision;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;
import saddlefarm.run.Checkpoint;

/** Runs that nobody trained, with rows and findings made up from a number, each number's different. */
@NullMarked
public final class TestRuns {

    private TestRuns() {}

    /** Runs of one experiment with widths 2, 3, 1 that sweeps the seed. */
    public static List<RunSpec> specs(int count) {
        return specs("made-up", count);
    }

    /** Runs of an experiment of this name. */
    public static List<RunSpec> specs(String experiment, int count, String... overrides) {
        String text = """
                network { depth = 2, width = 3 }
                data { source = circle-toy }
                descent { learning-rate = 0.1 }
                stop { max-steps = 1000 }
                sweep { initialization.seed = "range(0, %d)" }
                """.formatted(count);
        var all = new ArrayList<>(List.of("name=" + experiment));
        all.addAll(List.of(overrides));
        return Experiment.parse(text, "made-up.conf", Path.of("nowhere"), all).runs();
    }

    /** The same run of an experiment whose name no experiment file could have. */
    public static RunSpec renamed(RunSpec run, String experiment) {
        return with(run, experiment, run.specification());
    }

    /** The same run with a specification that no experiment file could have. */
    public static RunSpec respecified(RunSpec run, String specification) {
        return with(run, run.experiment(), specification);
    }

    private static RunSpec with(RunSpec run, String experiment, String specification) {
        return new RunSpec(
                run.id(),
                experiment,
                run.architecture(),
                run.data(),
                run.initialization(),
                run.loss(),
                run.descent(),
                run.limits(),
                run.stopRules(),
                run.observe(),
                run.backend(),
                null,
                run.checkpointEvery(),
                0,
                null,
                run.swept(),
                specification);
    }

    /** A row whose numbers have no short decimals. */
    public static Snapshot row(long step) {
        return new Snapshot(
                step, step / 7.0, 1 / (step + 3.0), Math.sqrt(step + 2.0), Math.PI, 1, spectra((double) step));
    }

    /** Two leading singular values of layer 1 and one of layer 2. */
    public static Spectra spectra(double number) {
        return new Spectra(new double[][] {{(number + 2) / 3, (number + 1) / 3}, {number + 0.1}});
    }

    /** Plateau k from step 100 k, left at step 100 k + 60. */
    public static PlateauFound left(int number, int rank, Architecture architecture) {
        return found(
                new Plateau(
                        number,
                        rank,
                        100L * number,
                        100L * number + 60,
                        number / 3.0,
                        (number + 1) / 3.0,
                        100L * number + 30,
                        1.0 / (number + 1),
                        1e-7 * (number + 1),
                        Plateau.Kind.SADDLE,
                        -0.1 * (number + 1),
                        0.7,
                        List.of(rank, rank + 1)),
                architecture);
    }

    /** Plateau k from step 100 k, open, with nothing known of its curvature. */
    public static PlateauFound open(int number, int rank, Architecture architecture) {
        return found(
                new Plateau(
                        number,
                        rank,
                        100L * number,
                        null,
                        number / 3.0,
                        null,
                        100L * number + 30,
                        1.0 / (number + 1),
                        1e-7,
                        Plateau.Kind.CANDIDATE,
                        null,
                        null,
                        List.of(rank, rank)),
                architecture);
    }

    /** The escape from plateau k − 1. */
    public static Transition transition(int number, int rankBefore) {
        return new Transition(number, 100L * number - 40, number / 3.0, rankBefore);
    }

    /** A checkpoint within a plateau. */
    public static Checkpoint checkpoint(long step, Architecture architecture) {
        double number = step + 0.1;
        var state = new DescentState(step, number / 3, 1 / number, number * 1e-9, parameters(number, architecture));
        return checkpoint(state, spectra(number), new SaddleFinder.Deepest(state, spectra(number), List.of(1, 2)));
    }

    /** A checkpoint with these parts; null are those that are not there yet. */
    public static Checkpoint checkpoint(
            DescentState state, @Nullable Spectra initial, SaddleFinder.@Nullable Deepest deepest) {
        long step = state.step();
        var at = new PlateauDetector.State(Phase.ESCAPE, 0.7, step - 6, 0.2, step - 4, 0.8, true, 1e-20, 0.5);
        var detector = new PlateauDetector.State(Phase.ESCAPE, 0.7, step - 5, 0.3, step - 3, 0.9, true, 1e-30, 0.6);
        return new Checkpoint(
                state,
                new Cadence.State(at, 1e-21, true, step - 1, 0.65, 1e-5),
                new SaddleFinder.State(
                        detector,
                        initial,
                        deepest,
                        deepest == null ? null : deepest.state(),
                        3,
                        step - 2,
                        2,
                        new StopDecision.Asked(0.7, 1e-19)));
    }

    /** What plateau k is made of, as if of two layers; the origin has no index. */
    public static Saddle saddle(int number) {
        var modes = List.of(
                new EscapeMode(-0.1 * (number + 1), 1e-9, List.of(0.4, 0.6), List.of(Double.POSITIVE_INFINITY, 7.5)),
                new EscapeMode(-0.01, 1e-3, List.of(0.3, 0.7), List.of(1.25, 2.5)));
        return new Saddle(
                number == 0 ? null : new SaddleIndex(2, number % 2 == 0, 0.1 / (number + 1), modes),
                number,
                List.of(number + 1),
                List.of(0.1 * number),
                List.of(1 / (number + 3.0)),
                List.of(number));
    }

    /** How plateau k was left: the origin with a speed, the others with cosines. */
    public static Escape escape(int number, Architecture architecture) {
        boolean origin = number == 0;
        return new Escape(
                100L * number + 50,
                (number + 0.9) / 3,
                0.98 / (number + 1),
                origin ? 0.7 : null,
                origin ? null : 1 - 1 / (number + 7.0),
                origin ? null : 0.5,
                List.of(Double.POSITIVE_INFINITY, 3 + number / 3.0),
                List.of(0.25, 0.75),
                parameters(number + 0.7, architecture));
    }

    public static Parameters parameters(double number, Architecture architecture) {
        double[] vector = IntStream.range(0, architecture.parameters())
                .mapToDouble(i -> (number + i) / 7)
                .toArray();
        return Parameters.of(architecture, vector);
    }

    /** Everything in a checkpoint, to compare as {@code Double.equals} does: NaN is itself, and -0 is not 0. */
    public static List<Object> content(Checkpoint checkpoint) {
        var content = new ArrayList<Object>(content(checkpoint.descent()));
        var analysis = checkpoint.analysis();
        content.addAll(List.of(
                checkpoint.cadence(),
                analysis.detector(),
                Optional.ofNullable(analysis.initial()),
                analysis.plateaus(),
                analysis.rowStep(),
                analysis.rank()));
        var deepest = analysis.deepest();
        if (deepest != null) {
            content.addAll(content(deepest.state()));
            content.addAll(List.of(deepest.spectra(), deepest.layerRanks()));
        }
        if (analysis.drop() != null) {
            content.addAll(content(analysis.drop()));
        }
        return content;
    }

    private static List<Object> content(DescentState state) {
        return List.of(
                state.step(),
                state.flowTime(),
                state.loss(),
                state.squaredGradientNorm(),
                Arrays.stream(state.parameters().toVector()).boxed().toList());
    }

    private static PlateauFound found(Plateau plateau, Architecture architecture) {
        double number = plateau.number() + 0.3;
        return new PlateauFound(
                plateau,
                spectra(number),
                new DescentState(
                        plateau.deepestStep(),
                        plateau.deepestStep() / 7.0,
                        plateau.loss(),
                        plateau.gradientNorm() * plateau.gradientNorm(),
                        parameters(number, architecture)),
                saddle(plateau.number()),
                plateau.endStep() == null ? null : escape(plateau.number(), architecture));
    }
}
