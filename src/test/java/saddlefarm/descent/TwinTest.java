package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/** On C = ½ (θ − 1)² from 5 flow is 1 + 4 e^{−t} and descent 1 + 4 (1 − η)^k. */
class TwinTest {

    private static final Limits NONE = new Limits(0, 0, 0, 0);
    private static final Architecture ONE = new Architecture(List.of(1, 1), Activation.LINEAR, false);

    @ParameterizedTest(name = "rate {0}")
    @ValueSource(doubles = {0.2, 0.05, 0.01})
    void theLargestDistancesAreThoseOfTheClosedForms(double rate) {
        var twin = new Twin(flow(1e-9), descent(rate));
        twin.begin();
        @Nullable Ending ending = null;
        var limits = new Limits(0, 3, 0, 0);
        while (ending == null) {
            ending = twin.advance(limits);
        }
        assertThat(ending).isEqualTo(Ending.MAX_FLOW_TIME);
        double parameters = 0;
        double parametersTime = 0;
        double loss = 0;
        for (int k = 0; rate * k <= 3 + 1e-9; k++) {
            double flow = 4 * Math.exp(-rate * k);
            double descent = 4 * Math.pow(1 - rate, k);
            double far = Math.abs(flow - descent) / (1 + descent);
            if (far > parameters) {
                parameters = far;
                parametersTime = rate * k;
            }
            loss = Math.max(loss, Math.abs(flow * flow - descent * descent) / 16);
        }
        Twin.Distance distance = twin.distance();
        // Flow's own error at this tolerance is of the order 1e-6.
        assertThat(distance.parameters()).isCloseTo(parameters, within(1e-5));
        assertThat(distance.parametersTime()).isCloseTo(parametersTime, within(rate / 2));
        assertThat(distance.loss()).isCloseTo(loss, within(1e-5));
        assertThat(distance.interpolation()).isLessThan(1e-6);
    }

    /** h⁴/384 θ⁗ is the error of a cubic Hermite polynomial in the middle of a step. */
    @Test
    void theErrorOfInterpolationIsToldToItsOrder() {
        GradientFlow coarse = flow(1e-3);
        var twin = new Twin(coarse, descent(0.001));
        twin.begin();
        double expected = 0;
        double before = 0;
        for (int step = 0; step < 30; step++) {
            twin.advance(NONE);
            double h = coarse.flowTime() - before;
            double middle = 4 * Math.exp(-before - h / 2);
            expected = Math.max(expected, Math.pow(h, 4) / 384 * middle / (1 + middle));
            before = coarse.flowTime();
        }
        assertThat(twin.distance().interpolation()).isBetween(expected / 4, expected * 4);
    }

    @Test
    void flowBesideItselfIsNoFartherThanItsInterpolation() {
        var twin = new Twin(flow(1e-4), flow(1e-4));
        twin.begin();
        for (int step = 0; step < 50; step++) {
            twin.advance(NONE);
        }
        assertThat(twin.distance().parameters()).isLessThan(1e-15);
        assertThat(twin.distance().loss()).isLessThan(1e-15);
    }

    @Test
    void aDescentThatDivergesEndsIt() {
        GradientDescent descent = descent(2.5);
        var twin = new Twin(flow(1e-4), descent);
        twin.begin();
        @Nullable Ending ending = null;
        while (ending == null) {
            ending = twin.advance(NONE);
        }
        assertThat(ending).isEqualTo(Ending.DIVERGED);
        assertThat(twin.distance().parameters()).isFinite();
    }

    private static GradientFlow flow(double tolerance) {
        return new GradientFlow(evaluator(), tolerance, start());
    }

    private static GradientDescent descent(double rate) {
        return new GradientDescent(evaluator(), Kernels.ordered(), rate, start());
    }

    private static DescentState start() {
        return DescentState.initial(Parameters.of(ONE, new double[] {5}));
    }

    private static Gradient evaluator() {
        var one = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{1}}));
        return new Gradient(ONE, Loss.MSE, one, one, Kernels.ordered());
    }
}
