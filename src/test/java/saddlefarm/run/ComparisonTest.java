package saddlefarm.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Snapshot;
import saddlefarm.network.Parameters;
import saddlefarm.run.Compared.Quantity;
import saddlefarm.theory.HalfTime;
import saddlefarm.theory.Ladder;
import saddlefarm.theory.OptimalEscape;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Theory;

/** Made-up theory beside made-up measurements. */
@NullMarked
class ComparisonTest {

    private static final Theory THEORY = new Theory(
            Predicted.of(new OptimalEscape(4, 1e-7, 8, 8, "holds", List.of(1.5, 2.0))),
            Predicted.not("not asked"),
            Predicted.of(5.0),
            Predicted.of(new Ladder(List.of(10.0, 2.0, 0.0), true)),
            Predicted.of(List.of(new HalfTime(1, 4, 3.0), new HalfTime(2, 2, 8.0))),
            Predicted.of(50.0));

    @Test
    void whatARunDidStandsBesideWhatWasPredictedInTheOrderOfQuantityAndIndex() {
        var plateaus = List.of(plateau(0, 0, 9.9, null, escape(3.6, 6.0)), plateau(1, 1, 2.1, 40.0, null));
        // Mode 1 is half learned at 2 + 16/8 = 4, mode 2 at 0 + 4/8 = .5.
        List<Compared> compared = Comparison.of(THEORY, plateaus, rows(10, 9, 5, 3, 2.5, 0.3));
        assertThat(compared)
                .containsExactly(
                        new Compared(Quantity.ESCAPE_SPEED, 0, 4, 3.6),
                        new Compared(Quantity.ESCAPE_TIME, 0, 5, 6.0),
                        // between rows 2 (loss 5) and 3 (loss 3), halfway; a row is a unit of time
                        new Compared(Quantity.HALF_TIME, 1, 3, 2.5),
                        new Compared(Quantity.HALF_TIME, 2, 8, 4 + 2.0 / 2.2),
                        new Compared(Quantity.LEVEL, 0, 10, 9.9),
                        new Compared(Quantity.LEVEL, 1, 2, 2.1),
                        new Compared(Quantity.SHARPNESS, 1, 50, 40.0));
        assertThat(compared.get(0).ratio()).isCloseTo(0.9, within(1e-15));
        assertThat(compared)
                .isSortedAccordingTo((a, b) -> a.quantity() == b.quantity()
                        ? Integer.compare(a.index(), b.index())
                        : a.quantity().label().compareTo(b.quantity().label()));
    }

    @Test
    void whatTheRunDidNotReachIsNotMeasured() {
        assertThat(Comparison.of(THEORY, List.of(), rows(10, 5)))
                .extracting(Compared::quantity, Compared::measured, Compared::ratio)
                .containsExactly(
                        tuple(Quantity.ESCAPE_SPEED, null, null),
                        tuple(Quantity.ESCAPE_TIME, null, null),
                        tuple(Quantity.HALF_TIME, null, null),
                        tuple(Quantity.HALF_TIME, null, null));
    }

    @Test
    void toALevelOfZeroThereIsNoRatio() {
        assertThat(new Compared(Quantity.LEVEL, 2, 0, 1e-9).ratio()).isNull();
    }

    private static Comparison.Rows rows(double... losses) {
        return reader -> {
            for (int step = 0; step < losses.length; step++) {
                reader.accept(new Snapshot(step, step, losses[step], 1, 1, 0, TestRuns.spectra(1)));
            }
        };
    }

    private static Escape escape(double speed, double time) {
        var network = TestRuns.specs(1).get(0).architecture();
        return new Escape(60, time, 9.7, speed, null, null, List.of(9.0), List.of(0.5, 0.5), new Parameters(network));
    }

    private static StoredPlateau plateau(
            int number, int rank, double loss, @Nullable Double lambdaMax, @Nullable Escape escape) {
        var plateau = new Plateau(
                number,
                rank,
                0,
                1L,
                0,
                1.0,
                0,
                loss,
                0,
                Plateau.Kind.SADDLE,
                lambdaMax == null ? null : -1.0,
                lambdaMax,
                Stream.of(rank, rank).toList());
        return new StoredPlateau(plateau, TestRuns.spectra(1), null, escape);
    }
}
