package saddlefarm.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;

class EscapeFindingsTest {

    private static final double SOUND = 1e-6;

    @Test
    void theBestIsTheFastestAndOfEqualsTheFirst() {
        EscapeDirection first = direction(2, SOUND, 0);
        var findings = EscapeFindings.of(List.of(
                        end(1, SOUND, 0), Optional.of(first), Optional.empty(), end(2, SOUND, 0), end(1.5, SOUND, 0)))
                .orElseThrow();
        assertThat(findings.best()).isSameAs(first);
        assertThat(findings.restarts()).isEqualTo(5);
        assertThat(findings.reachedBest()).isEqualTo(2);
    }

    @Test
    void speedsWithinAThousandthAreOneLevel() {
        var findings = EscapeFindings.of(
                        List.of(end(0.41, SOUND, 0), end(0.4996, SOUND, 0), end(0.5, SOUND, 0), end(0.4994, SOUND, 0)))
                .orElseThrow();
        assertThat(findings.levels())
                .containsExactly(new SpeedLevel(0.5, 2), new SpeedLevel(0.4994, 1), new SpeedLevel(0.41, 1));
    }

    @Test
    void nothingFoundIsNothing() {
        assertThat(EscapeFindings.of(List.of(Optional.empty(), Optional.empty())))
                .isEmpty();
    }

    /** Layers 2 and 3 have σ1/σ2 = √(1 − r²)/r: at r = .6 it is 1.33, between 2^{1/4} = 1.19 and 3^{1/4} = 1.32. */
    @ParameterizedTest(name = "second value {0}")
    @CsvSource({"0, 0", "0.6, 0", "0.61, 3", "0.64, 3", "0.65, 2", "0.7, 2"})
    void theVerdictNamesTheFirstLayerBelowTheBound(double second, int layer) {
        var findings = agreed(SOUND, second, EscapeFindings.NEEDED);
        assertThat(findings.verdict())
                .isEqualTo(layer == 0 ? new EscapeVerdict.Holds() : new EscapeVerdict.Violated(layer));
    }

    @Test
    void thereIsNoVerdictWhenTooFewRestartsAgree() {
        assertThat(agreed(SOUND, 0.7, EscapeFindings.NEEDED - 1).verdict())
                .isEqualTo(new EscapeVerdict.TooFewAgree(EscapeFindings.NEEDED - 1, EscapeFindings.NEEDED));
    }

    @Test
    void thereIsNoVerdictOnADirectionThatIsNotStationary() {
        assertThat(agreed(0.01, 0, EscapeFindings.NEEDED).verdict())
                .isEqualTo(new EscapeVerdict.NotStationary(0.01, EscapeSearch.STATIONARY));
    }

    @Test
    void aLayerTellsItsSpectrum() {
        EscapeLayer layer = direction(1, SOUND, 0.6).layers().get(2);
        assertThat(layer.layer()).isEqualTo(3);
        assertThat(layer.norm()).isCloseTo(1, within(1e-15));
        assertThat(layer.singularValues()).hasSize(2);
        assertThat(layer.ratio()).isCloseTo(0.8 / 0.6, within(1e-14));
        assertThat(layer.bound()).isCloseTo(Math.pow(3, 0.25), within(1e-15));
        assertThat(layer.tail()).isCloseTo(0.36, within(1e-15));
        assertThat(layer.scaledTail()).isCloseTo(0.36 * Math.sqrt(3), within(1e-15));
        assertThat(direction(1, SOUND, 1e-15).layers().get(2).ratio()).isInfinite();
    }

    private static EscapeFindings agreed(double residual, double second, int restarts) {
        return EscapeFindings.of(Collections.nCopies(restarts, end(1, residual, second)))
                .orElseThrow();
    }

    private static Optional<EscapeDirection> end(double speed, double residual, double second) {
        return Optional.of(direction(speed, residual, second));
    }

    /** Three layers of norm 1, all but the first with two singular values, of which the second is given. */
    private static EscapeDirection direction(double speed, double residual, double second) {
        var weights = new Parameters(new Architecture(List.of(2, 2, 2, 2), Activation.RELU, false));
        weights.weights(1).set(0, 0, 1);
        for (int layer = 2; layer <= 3; layer++) {
            weights.weights(layer).set(0, 0, Math.sqrt(1 - second * second));
            weights.weights(layer).set(1, 1, second);
        }
        return new EscapeDirection(weights, speed, residual, 1);
    }
}
