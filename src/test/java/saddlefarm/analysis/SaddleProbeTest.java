package saddlefarm.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.analysis.SaddleProbe.Findings;
import saddlefarm.data.Task;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Loss;
import saddlefarm.network.NetworkCase;
import saddlefarm.network.Parameters;

class SaddleProbeTest {

    /** t = 10, at which eigenvalues below −.01 count. */
    private static final double TIME = 10;

    // --- saddles of linear networks, in closed form ---

    /**
     * Two layers: each of the w − k unused hidden units is a pair (δW_2, δW_1) = (u_j eᵀ, e v_jᵀ)/√2 of eigenvalue −s_j
     * for each strength that is not learned (see {@link CurvatureTest}).
     */
    @ParameterizedTest(name = "rank {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void ofTwoLayersEveryUnusedUnitIsAWayDownForEveryStrengthThatIsLeft(int rank) {
        int width = 5;
        SaddleIndex index = index(new LinearSaddle(2, width, rank), rank);

        assertThat(index.complete()).isTrue();
        assertThat(index.tolerance()).isEqualTo(0.1 / TIME);
        assertThat(index.count()).isEqualTo((width - rank) * (4 - rank));
        assertThat(index.modes()).hasSize(Math.min(3, index.count()));
        IntStream.range(0, index.modes().size()).forEach(i -> {
            EscapeMode mode = index.modes().get(i);
            double strength = LinearSaddle.STRENGTHS[rank + i / (width - rank)];
            assertThat(mode.eigenvalue()).isCloseTo(-strength, within(1e-10));
            assertThat(mode.residual()).isLessThan(1.1e-6);
            assertThat(mode.energies()).allSatisfy(part -> assertThat(part).isCloseTo(0.5, within(1e-6)));
            assertThat(mode.ratios()).as("rank one").containsOnly(Double.POSITIVE_INFINITY);
        });
    }

    /**
     * From three layers on a balanced saddle has no way down in the Hessian (K. Kawaguchi, <i>Deep learning without
     * poor local minima</i>, 2016; the second order in δW_3, δW_1 goes through W_2, which leads nowhere beyond its
     * rank).
     */
    @ParameterizedTest(name = "depth {0}, rank {1}")
    @CsvSource({"3, 1", "3, 2", "3, 3", "4, 1", "4, 2", "5, 2"})
    void fromThreeLayersOnABalancedSaddleIsNotStrict(int depth, int rank) {
        SaddleIndex index = index(new LinearSaddle(depth, 5, rank), rank);
        assertThat(index.count()).isZero();
        assertThat(index.complete()).isTrue();
        assertThat(index.modes()).isEmpty();
    }

    /**
     * What is left in the middle of three layers, σ_i e_i e_iᵀ beyond the rank, opens the way: (δW_3, δW_1) = (u_j
     * e_iᵀ, e_i v_jᵀ)/√2 has the eigenvalue −s_j σ_i.
     */
    @Test
    void ofThreeLayersEverySingularValueThatIsLeftInTheMiddleIsAWayDownForEveryStrength() {
        LinearSaddle saddle = new LinearSaddle(3, 6, 2).add(2, 2, 0.7).add(2, 3, 0.3);
        SaddleIndex index = index(saddle, 2);

        assertThat(index.count()).isEqualTo(2 * 2);
        assertThat(index.complete()).isTrue();
        assertThat(index.modes().stream().map(EscapeMode::eigenvalue).toList())
                .usingElementComparator((x, y) -> Math.abs(x - y) < 1e-10 ? 0 : Double.compare(x, y))
                .containsExactly(-1 * 0.7, -0.5 * 0.7, -1 * 0.3);
        for (EscapeMode mode : index.modes()) {
            assertThat(mode.energies().get(0)).isCloseTo(0.5, within(1e-6));
            assertThat(mode.energies().get(1)).isCloseTo(0, within(1e-6));
            assertThat(mode.energies().get(2)).isCloseTo(0.5, within(1e-6));
            assertThat(mode.ratios()).as("rank one").containsOnly(Double.POSITIVE_INFINITY);
        }
    }

    @ParameterizedTest(name = "depth {0}, rank {1}")
    @CsvSource({"2, 1", "2, 3", "3, 1", "3, 2", "4, 3"})
    void aBalancedSaddleOfRankKHasRankKThroughoutAndItsLayersFit(int depth, int rank) {
        Saddle saddle =
                probe(new LinearSaddle(depth, 5, rank), rank, false, null).saddle();

        assertThat(saddle.index()).isNull();
        assertThat(saddle.jacobianRank()).isEqualTo(rank);
        assertThat(saddle.activationRanks()).hasSize(depth - 1).containsOnly(rank);
        assertThat(saddle.balance())
                .hasSize(depth - 1)
                .allSatisfy(b -> assertThat(b).isLessThan(1e-14));
        assertThat(saddle.alignment())
                .hasSize(depth - 1)
                .allSatisfy(a -> assertThat(a).isCloseTo(1, within(1e-12)));
        assertThat(saddle.deadUnits()).hasSize(depth - 1).containsOnly(0);
    }

    /** The first direction is shared by both layers, the second is another one in each. */
    @Test
    void alignmentIsOfAsManyDirectionsAsThePlateausRank() {
        LinearSaddle saddle = new LinearSaddle(2, 5, 1).add(1, 1, 0.5).add(2, 2, 0.5);
        for (int rank : new int[] {0, 1}) {
            assertThat(probe(saddle, rank, false, null).saddle().alignment().get(0))
                    .isCloseTo(1, within(1e-12));
        }
        assertThat(probe(saddle, 2, false, null).saddle().alignment().get(0)).isCloseTo(0.5, within(1e-12));
    }

    // --- the index of any network, against its whole Hessian ---

    static List<NetworkCase> cases() {
        return NetworkCase.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theIndexIsTheNumberOfEigenvaluesBelowTheTolerance(NetworkCase network) {
        var task = new Task(network.inputs(), network.targets());
        var dense = new DenseHessian(network.loss(), task, network.point());
        for (double time : new double[] {0.3, 1, 10}) {
            SaddleIndex index = index(probe(network.loss(), task).at(network.point(), time, 1, true, null));

            assertThat(index.complete()).isTrue();
            assertThat(index.count()).as("t = %s", time).isEqualTo(dense.below(-0.1 / time));
            for (int i = 0; i < index.modes().size(); i++) {
                assertThat(index.modes().get(i).eigenvalue()).isCloseTo(dense.eigenvalues()[i], within(1e-9));
                assertThat(sum(index.modes().get(i).energies())).isCloseTo(1, within(1e-12));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theCosinesAreThoseWithTheEigenvectorsOfTheWholeHessian(NetworkCase network) {
        var task = new Task(network.inputs(), network.targets());
        var dense = new DenseHessian(network.loss(), task, network.point());
        double[] direction = new double[network.architecture().parameters()];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = i % 3 - 0.8;
        }
        int count = dense.below(-0.1 / TIME);
        int leading = dense.below(0.99 * Math.min(0, dense.eigenvalues()[0]));

        Findings findings =
                probe(network.loss(), task).at(network.point(), TIME, 1, true, network.moved(direction, 1e-3));

        assertThat(findings.cosine()).isCloseTo(projection(dense, count, direction), within(1e-6));
        assertThat(findings.leadingCosine())
                .isCloseTo(projection(dense, Math.min(leading, count), direction), within(1e-6));
    }

    /** Length of the projection of a direction, made a unit vector, onto the span of the first eigenvectors. */
    private static double projection(DenseHessian dense, int count, double[] direction) {
        double square = 0;
        for (int i = 0; i < count; i++) {
            double[] eigenvector = dense.eigenvector(i);
            double part = IntStream.range(0, direction.length)
                    .mapToDouble(j -> eigenvector[j] * direction[j])
                    .sum();
            square += part * part;
        }
        return Math.sqrt(square / DoubleStream.of(direction).map(x -> x * x).sum());
    }

    // --- what is asked for ---

    @Test
    void aDisplacementAlongAWayDownHasCosineOneAndOneAcrossHasZero() {
        var saddle = new LinearSaddle(3, 6, 2).add(2, 2, 0.7).add(2, 3, 0.3);
        Parameters along = new LinearSaddle(3, 6, 2)
                .add(2, 2, 0.7)
                .add(2, 3, 0.3)
                .add(3, 2, 0.01)
                .add(1, 2, 0.01)
                .point();
        Parameters across =
                new LinearSaddle(3, 6, 2).add(2, 2, 0.8).add(2, 3, 0.3).point();

        Findings leading = probe(saddle, 2, true, along);
        assertThat(leading.cosine()).isCloseTo(1, within(1e-9));
        assertThat(leading.leadingCosine()).isCloseTo(1, within(1e-9));
        Findings none = probe(saddle, 2, true, across);
        assertThat(none.cosine()).isCloseTo(0, within(1e-6));
        assertThat(none.leadingCosine()).isCloseTo(0, within(1e-6));
    }

    /**
     * Of two layers at rank 1 the four unused units share the eigenvalue −2, and a step along any of them is theirs.
     */
    @Test
    void whereManyWaysDownShareTheLeastEigenvalueAStepInTheirSpanIsAlongThem() {
        var saddle = new LinearSaddle(2, 5, 1);
        Parameters left =
                new LinearSaddle(2, 5, 1).add(1, 1, 0.1).add(2, 1, 0.1).point();
        assertThat(probe(saddle, 1, true, left).leadingCosine()).isCloseTo(1, within(1e-9));
        // One layer alone is half of the way down and half of the way up.
        Parameters half = new LinearSaddle(2, 5, 1).add(1, 1, 0.1).point();
        assertThat(probe(saddle, 1, true, half).leadingCosine()).isCloseTo(Math.sqrt(0.5), within(1e-9));
    }

    @Test
    void withoutCurvatureOrAPlaceWhereItWasLeftThereAreNoCosines() {
        var saddle = new LinearSaddle(2, 5, 1);
        Parameters left = new LinearSaddle(2, 5, 1).add(1, 1, 0.1).point();
        assertThat(probe(saddle, 1, false, left).cosine()).isNull();
        assertThat(probe(saddle, 1, true, null).cosine()).isNull();
        assertThat(probe(saddle, 1, true, saddle.point().copy()).leadingCosine())
                .isNull();
        assertThat(probe(saddle, 1, true, left).cosine()).isNotNull();
    }

    @Test
    void atAMinimumNothingLeadsAnywhere() {
        Findings findings = probe(
                new LinearSaddle(2, 5, 4),
                4,
                true,
                new LinearSaddle(2, 5, 4).add(1, 4, 0.1).point());
        assertThat(findings.saddle().index()).isEqualTo(new SaddleIndex(0, true, 0.1 / TIME, List.of()));
        assertThat(findings.cosine()).isZero();
        assertThat(findings.leadingCosine()).isZero();
    }

    @Test
    void aProbeIsAFunctionOfItsArguments() {
        var saddle = new LinearSaddle(2, 5, 1);
        Parameters left = new LinearSaddle(2, 5, 1).add(1, 1, 0.1).point();
        assertThat(probe(saddle, 1, true, left)).isEqualTo(probe(saddle, 1, true, left));
    }

    @Test
    void aNetworkOfOneLayerHasNoHiddenLayersToDescribe() {
        NetworkCase network = NetworkCase.all().stream()
                .filter(one -> one.architecture().depth() == 1)
                .findFirst()
                .orElseThrow();
        var task = new Task(network.inputs(), network.targets());
        Saddle saddle = probe(network.loss(), task)
                .at(network.point(), TIME, 1, true, null)
                .saddle();
        assertThat(saddle.activationRanks()).isEmpty();
        assertThat(saddle.balance()).isEmpty();
        assertThat(saddle.alignment()).isEmpty();
        assertThat(saddle.deadUnits()).isEmpty();
    }

    @Test
    void curvatureNeedsATimeToMeasureItBy() {
        var saddle = new LinearSaddle(2, 5, 1);
        assertThatThrownBy(() -> probe(Loss.MSE, saddle.task()).at(saddle.point(), 0, 1, true, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tolerance");
    }

    /** Keeping vectors orthogonal takes 4 P products² operations: half a billion, where it is not for the bounds. */
    @Test
    void largeNetworksGetFewerProducts() {
        assertThat(WaysDown.products(10)).isEqualTo(400);
        assertThat(WaysDown.products(838)).isEqualTo(400);
        assertThat(WaysDown.products(6000)).isEqualTo(149);
        assertThat(WaysDown.products(400_000)).isEqualTo(Curvature.PRODUCTS);
    }

    @Test
    void whatDoesNotBelongTogetherIsNoSaddle() {
        assertThatThrownBy(() -> new SaddleIndex(2, true, 0.1, List.of())).hasMessageContaining("0 modes");
        assertThatThrownBy(() -> new EscapeMode(-1, 0, List.of(1.0), List.of())).hasMessageContaining("ratio");
        assertThatThrownBy(() -> new Saddle(null, -1, List.of(), List.of(), List.of(), List.of()))
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> new Saddle(null, 0, List.of(1), List.of(), List.of(), List.of()))
                .hasMessageContaining("hidden layers");
    }

    private static SaddleIndex index(LinearSaddle saddle, int rank) {
        return index(probe(saddle, rank, true, null));
    }

    private static SaddleIndex index(Findings findings) {
        SaddleIndex index = findings.saddle().index();
        if (index == null) {
            throw new AssertionError("no index");
        }
        return index;
    }

    private static Findings probe(LinearSaddle saddle, int rank, boolean curvature, @Nullable Parameters left) {
        return probe(Loss.MSE, saddle.task()).at(saddle.point(), TIME, rank, curvature, left);
    }

    private static SaddleProbe probe(Loss loss, Task task) {
        return SaddleProbe.of(loss, task.inputs(), task.targets(), Kernels.ordered());
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(x -> x).sum();
    }
}
