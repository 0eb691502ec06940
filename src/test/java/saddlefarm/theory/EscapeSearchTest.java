package saddlefarm.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestTasks;
import saddlefarm.data.CircleToy;
import saddlefarm.data.Digits;
import saddlefarm.data.Targets;
import saddlefarm.data.Task;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.SingularValues;
import saddlefarm.linalg.TestMatrices;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

class EscapeSearchTest {

    private static final Kernels KERNELS = Kernels.ordered();

    /** On ‖W_ℓ‖_F = 1 the product has a nuclear norm of at most 1, so −L0 ≤ σ_1(G Xᵀ), reached at rank one. */
    @ParameterizedTest(name = "depth {0}")
    @ValueSource(ints = {2, 3, 4, 6})
    void aLinearNetworkLeavesAlongTheTopSingularPairOfTheCorrelation(int depth) {
        var random = RandomStream.of(depth, "correlation");
        var inputs = PaddedMatrix.of(TestMatrices.gaussian(15, 5, random));
        var slope = PaddedMatrix.of(TestMatrices.gaussian(15, 4, random));
        double expected = SingularValues.of(naiveCorrelation(inputs, slope))[0];
        var search = new EscapeSearch(network(5, 6, 4, depth, Activation.LINEAR), inputs, slope, KERNELS);
        for (int restart = 0; restart < 4; restart++) {
            EscapeDirection direction = search.direction(restart).orElseThrow();
            // The gap to the next singular value decides how near it comes; the speed is of second order in that.
            assertThat(direction.speed()).isCloseTo(expected, within(1e-10 * expected));
            assertThat(direction.residual()).isLessThan(1e-6);
            for (EscapeLayer layer : direction.layers()) {
                assertThat(layer.tail()).isLessThan(1e-12);
            }
        }
    }

    /**
     * The paper's example. Through a first layer of rank one the output is p relu(v·x) + q relu(−v·x) with p + q ≤ 1,
     * and Σ −G relu(v·x) is at most √2 − 1, at one of the points of slope −1.
     */
    @Test
    void theBestDirectionOfRankOneOnTheCircleHasSpeedRootTwoMinusOne() {
        List<EscapeDirection> rankOne = circle(4, 12).stream()
                .flatMap(Optional::stream)
                .filter(direction -> direction.layers().stream().allMatch(layer -> layer.tail() < 1e-3))
                .toList();
        assertThat(rankOne).isNotEmpty();
        double best = rankOne.stream().mapToDouble(EscapeDirection::speed).max().orElseThrow();
        assertThat(best).isCloseTo(Math.sqrt(2) - 1, within(1e-5));
    }

    /** The supremum is ½ (the paper). */
    @Test
    void aFirstLayerOfRankTwoLeavesTheCircleFaster() {
        EscapeFindings findings = EscapeFindings.of(circle(30, 8)).orElseThrow();
        EscapeDirection best = findings.best();
        assertThat(best.speed()).isBetween(0.495, 0.5);
        assertThat(best.residual()).isLessThan(EscapeSearch.STATIONARY);
        assertThat(findings.reachedBest()).isGreaterThanOrEqualTo(EscapeFindings.NEEDED);
        List<Double> first = best.layers().get(0).singularValues();
        assertThat(first.get(1) / first.get(0)).isCloseTo(1, within(0.01));
        assertThat(best.layers().get(1).tail()).isLessThan(1e-3);
        assertThat(findings.verdict()).isEqualTo(new EscapeVerdict.Holds());
    }

    /** By Euler's theorem −∇L0 at ρ is s W_ℓ, of the length s in every layer: what balances them is not imposed. */
    @ParameterizedTest
    @CsvSource({"2, RELU", "3, RELU", "4, RELU", "3, LINEAR"})
    void theGradientAtADirectionIsMinusTheSpeedTimesIt(int depth, Activation activation) {
        var escape = Escape.of(depth, activation);
        Parameters direction = escape.best.weights();
        var gradient = new Parameters(direction.architecture());
        double value = escape.evaluator().evaluate(direction, gradient);
        double speed = escape.best.speed();
        assertThat(-value).isEqualTo(speed);
        double square = 0;
        for (int i = 0; i < gradient.toVector().length; i++) {
            double difference = gradient.toVector()[i] + speed * direction.toVector()[i];
            square += difference * difference;
        }
        double residual = Math.sqrt(square / depth) / speed;
        // it may lie on a kink, where the reported residual is that of a mean
        assertThat(escape.best.residual())
                .isLessThanOrEqualTo(residual * (1 + 1e-9))
                .isLessThan(1e-8);
        for (int layer = 1; layer <= depth; layer++) {
            assertThat(norm(direction.weights(layer))).isCloseTo(1, within(1e-12));
            assertThat(norm(gradient.weights(layer)) / speed).isCloseTo(1, within(3e-4));
        }
    }

    /** The flow of L0 by Runge-Kutta 200 steps while the weights double, whose own error is below 1e-9. */
    @ParameterizedTest
    @CsvSource({"2, RELU", "3, RELU", "4, RELU", "3, LINEAR"})
    void theFlowAlongADirectionObeysTheLaw(int depth, Activation activation) {
        var escape = Escape.of(depth, activation);
        EscapeLaw law = escape.best.law();
        double start = 0.1;
        double time = law.time(start, 2 * start);
        double[] rho = escape.best.weights().toVector();
        double[] theta = rho.clone();
        for (int i = 0; i < theta.length; i++) {
            theta[i] *= start;
        }
        for (int step = 1; step <= 200; step++) {
            theta = escape.rungeKutta(theta, time / 200);
            double c = law.size(start, step * time / 200);
            double square = 0;
            for (int i = 0; i < theta.length; i++) {
                square += (theta[i] - c * rho[i]) * (theta[i] - c * rho[i]);
            }
            assertThat(Math.sqrt(square / depth) / c).as("step %d", step).isLessThan(2e-8);
        }
    }

    @Test
    void aRestartIsAFunctionOfItsNumber() {
        EscapeSearch search = circle(8);
        EscapeDirection first = search.direction(3).orElseThrow();
        search.direction(4);
        EscapeDirection again = circle(8).direction(3).orElseThrow();
        assertThat(again.weights().toVector()).isEqualTo(first.weights().toVector());
        assertThat(again.residual()).isEqualTo(first.residual());
        assertThat(search.direction(4).orElseThrow().weights().toVector())
                .isNotEqualTo(first.weights().toVector());
    }

    /** w relu(v) on w, v = ±1: closed where v = −1, and stationary of speed −1 where only w is; one in four escapes. */
    @Test
    void aStartThatIsClosedOrUphillFindsNothing() {
        var one = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{1}}));
        var minusOne = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{-1}}));
        var search = new EscapeSearch(network(1, 1, 1, 2, Activation.RELU), one, minusOne, KERNELS);
        List<Optional<EscapeDirection>> ends =
                IntStream.range(0, 16).mapToObj(search::direction).toList();
        assertThat(ends).filteredOn(Optional::isEmpty).hasSizeBetween(8, 15);
        assertThat(EscapeFindings.of(ends).orElseThrow().best().speed()).isCloseTo(1, within(1e-12));
    }

    @Test
    void whereThereAreNoneItSaysWhy() {
        var inputs = new PaddedMatrix(4, 2);
        var slope = PaddedMatrix.of(new DMatrixRMaj(new double[][] {{1}, {0}, {0}, {0}}));
        var deep = new Architecture(List.of(2, 3, 1), Activation.RELU, false);
        assertThat(EscapeSearch.obstacle(deep, slope)).isEmpty();
        assertThat(EscapeSearch.obstacle(new Architecture(List.of(2, 1), Activation.RELU, false), slope))
                .hasValue("in a network of one layer the origin is no critical point");
        assertThat(EscapeSearch.obstacle(new Architecture(List.of(2, 3, 1), Activation.RELU, true), slope))
                .hasValue("with biases the loss is not homogeneous at the origin");
        assertThatThrownBy(() -> new EscapeSearch(deep, inputs, new PaddedMatrix(4, 1), KERNELS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the loss has no slope at output 0");
    }

    /** The same claim for the loss of classes: a linear network's speed is the top singular value of its own G Xᵀ. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void everyLossHasItsOwnSlopeAtTheOrigin(Loss loss) {
        Task task =
                Digits.task(60, RandomStream.of(0, "data"), loss == Loss.MSE ? Targets.CENTRED : Targets.DISTRIBUTION);
        PaddedMatrix slope = loss.gradientAtZero(task.targets(), KERNELS);
        var search = new EscapeSearch(network(64, 12, 10, 3, Activation.LINEAR), task.inputs(), slope, KERNELS);
        double expected = SingularValues.of(
                CommonOps_DDRM.multTransA(slope.toMatrix(), task.inputs().toMatrix(), null))[0];
        assertThat(search.direction(0).orElseThrow().speed()).isCloseTo(expected, within(1e-9 * expected));
    }

    /** A task, a network and its best direction of a few. */
    private record Escape(Task task, PaddedMatrix slope, EscapeDirection best) {

        static Escape of(int depth, Activation activation) {
            Task task = TestTasks.orthogonalTeacher(1);
            PaddedMatrix slope = Loss.MSE.gradientAtZero(task.targets(), KERNELS);
            var search = new EscapeSearch(network(10, 12, 10, depth, activation), task.inputs(), slope, KERNELS);
            var ends = IntStream.range(0, 6).mapToObj(search::direction).toList();
            return new Escape(task, slope, EscapeFindings.of(ends).orElseThrow().best());
        }

        Gradient evaluator() {
            return new Gradient(best.weights().architecture(), new LocalizedLoss(), task.inputs(), slope, KERNELS);
        }

        double[] rungeKutta(double[] theta, double h) {
            double[] k1 = flow(theta, theta, 0);
            double[] k2 = flow(theta, k1, h / 2);
            double[] k3 = flow(theta, k2, h / 2);
            double[] k4 = flow(theta, k3, h);
            double[] next = theta.clone();
            for (int i = 0; i < next.length; i++) {
                next[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
            }
            return next;
        }

        private double[] flow(double[] theta, double[] slope, double h) {
            double[] at = theta.clone();
            for (int i = 0; i < at.length; i++) {
                at[i] += h * slope[i];
            }
            Architecture architecture = best.weights().architecture();
            var gradient = new Parameters(architecture);
            evaluator().evaluate(Parameters.of(architecture, at), gradient);
            double[] flow = gradient.toVector();
            for (int i = 0; i < flow.length; i++) {
                flow[i] = -flow[i];
            }
            return flow;
        }
    }

    private static List<Optional<EscapeDirection>> circle(int width, int restarts) {
        EscapeSearch search = circle(width);
        return IntStream.range(0, restarts).mapToObj(search::direction).toList();
    }

    private static EscapeSearch circle(int width) {
        Task task = CircleToy.task();
        return new EscapeSearch(
                network(2, width, 1, 3, Activation.RELU),
                task.inputs(),
                Loss.MSE.gradientAtZero(task.targets(), KERNELS),
                KERNELS);
    }

    private static Architecture network(int inputs, int width, int outputs, int depth, Activation activation) {
        List<Integer> widths = new ArrayList<>(List.of(inputs));
        for (int layer = 1; layer < depth; layer++) {
            widths.add(width);
        }
        widths.add(outputs);
        return new Architecture(widths, activation, false);
    }

    private static DMatrixRMaj naiveCorrelation(PaddedMatrix inputs, PaddedMatrix slope) {
        var correlation = new DMatrixRMaj(slope.columns(), inputs.columns());
        for (int i = 0; i < slope.columns(); i++) {
            for (int j = 0; j < inputs.columns(); j++) {
                for (int n = 0; n < inputs.rows(); n++) {
                    correlation.add(i, j, slope.get(n, i) * inputs.get(n, j));
                }
            }
        }
        return correlation;
    }

    private static double norm(DMatrixRMaj matrix) {
        double square = 0;
        for (double x : matrix.data) {
            square += x * x;
        }
        return Math.sqrt(square);
    }
}
