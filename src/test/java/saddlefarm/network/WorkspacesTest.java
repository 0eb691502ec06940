package saddlefarm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import saddlefarm.AllocatedBytes;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;

class WorkspacesTest {

    private static final Architecture NETWORK = new Architecture(List.of(6, 40, 40, 3), Activation.RELU, true);
    private static final PaddedMatrix INPUTS = gaussian(30, 6, "inputs");
    private static final PaddedMatrix TARGETS = gaussian(30, 3, "targets");

    private final Workspaces workspaces = new Workspaces(1, 0);

    @Test
    void gradientsThatTakeTurnsInOneMemoryAreThoseOfGradientsWithTheirOwn() {
        var first = point(1);
        var second = point(2);
        var one = gradient(Loss.MSE, TARGETS, workspaces);
        var other = gradient(Loss.MSE, TARGETS, workspaces);
        for (int round = 0; round < 3; round++) {
            assertThat(evaluate(one, first))
                    .isEqualTo(evaluate(gradient(Loss.MSE, TARGETS, new Workspaces(1, 0)), first));
            one.rest();
            assertThat(evaluate(other, second))
                    .isEqualTo(evaluate(gradient(Loss.MSE, TARGETS, new Workspaces(1, 0)), second));
            other.rest();
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void whatOverflowedLeavesNothingBehind(Activation activation) {
        // Three outputs are padded to eight: there infinite activations times zeros are no numbers.
        var network = new Architecture(List.of(6, 40, 40, 3), activation, true);
        var huge = Initialization.gaussian(network, 1e200, RandomStream.of(3, "point"));
        var finite = Initialization.gaussian(network, 1, RandomStream.of(4, "point"));
        var one = new Gradient(network, Loss.MSE, INPUTS, TARGETS, Kernels.ordered(), workspaces);
        assertThat(one.evaluate(huge, new Parameters(network))).isNotFinite();
        one.rest();
        var other = new Gradient(network, Loss.MSE, INPUTS, TARGETS, Kernels.ordered(), workspaces);
        var alone = new Gradient(network, Loss.MSE, INPUTS, TARGETS, Kernels.ordered(), new Workspaces(1, 0));
        assertThat(other.evaluate(finite, new Parameters(network)))
                .isEqualTo(alone.evaluate(finite, new Parameters(network)));
    }

    @Test
    void anotherTaskOfAsManySamplesHasTheSameMemoryAndItsOwnGradients() {
        var opposite = PaddedMatrix.of(TARGETS.toMatrix());
        opposite.set(0, 0, 7);
        Workspace memory = workspaces.take(NETWORK, INPUTS, TARGETS, Kernels.ordered());
        workspaces.give(memory);
        assertThat(workspaces.take(NETWORK, INPUTS, opposite, Kernels.ordered()))
                .isSameAs(memory);
        workspaces.give(memory);
        var one = gradient(Loss.MSE, TARGETS, workspaces);
        var other = gradient(Loss.MSE, opposite, workspaces);
        evaluate(one, point(1));
        one.rest();
        assertThat(evaluate(other, point(1)))
                .isEqualTo(evaluate(gradient(Loss.MSE, opposite, new Workspaces(1, 0)), point(1)));
    }

    @Test
    void noIdleMemoryHoldsATask() {
        List<WeakReference<double[]>> elements = takeTurn();
        await().untilAsserted(() -> {
            System.gc();
            assertThat(elements).allMatch(each -> each.refersTo(null));
        });
    }

    /** Of a task on which a gradient was computed that rests. */
    private List<WeakReference<double[]>> takeTurn() {
        PaddedMatrix inputs = gaussian(30, 6, "inputs");
        PaddedMatrix targets = gaussian(30, 3, "targets");
        var gradient = new Gradient(NETWORK, Loss.MSE, inputs, targets, Kernels.ordered(), workspaces);
        evaluate(gradient, point(1));
        gradient.rest();
        return List.of(TestMatrices.elements(inputs), TestMatrices.elements(targets));
    }

    @Test
    void twoThatComputeAtOnceHaveTheirOwn() {
        var one = gradient(Loss.MSE, TARGETS, workspaces);
        var other = gradient(Loss.MSE, TARGETS, workspaces);
        var expected = evaluate(one, point(1));
        evaluate(other, point(2));
        assertThat(evaluate(one, point(1))).isEqualTo(expected);
    }

    @Test
    void manyGradientsThatTakeTurnsAllocateOneMemory() {
        var gradients = new Gradient[50];
        var points = new Parameters[gradients.length];
        var results = new Parameters[gradients.length];
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = gradient(Loss.MSE, TARGETS, workspaces);
            points[i] = point(i);
            results[i] = new Parameters(NETWORK);
        }
        Runnable round = () -> {
            for (int i = 0; i < gradients.length; i++) {
                gradients[i].evaluate(points[i], results[i]);
                gradients[i].rest();
            }
        };
        round.run();
        // A workspace for each would be 25 times as much; a turn needs views of its task.
        assertThat(AllocatedBytes.of(round, 1)).isLessThan(2 * Workspaces.bytes(NETWORK, 30));
    }

    @Test
    void keepsNoMoreThanItMay() {
        var small = new Architecture(List.of(6, 8, 3), Activation.RELU, false);
        long bytes = Workspaces.bytes(small, 30);
        var bounded = new Workspaces(1, 2 * bytes);
        Workspace[] given = new Workspace[3];
        for (int i = 0; i < given.length; i++) {
            given[i] = new Workspace(small, INPUTS.rows(), Kernels.ordered());
            bounded.give(given[i]);
        }
        assertThat(bounded.take(small, INPUTS, TARGETS, Kernels.ordered())).isSameAs(given[2]);
        assertThat(bounded.take(small, INPUTS, TARGETS, Kernels.ordered())).isSameAs(given[1]);
        assertThat(bounded.take(small, INPUTS, TARGETS, Kernels.ordered())).isNotIn((Object[]) given);
    }

    private static Gradient gradient(Loss loss, PaddedMatrix targets, Workspaces workspaces) {
        return new Gradient(NETWORK, loss, INPUTS, targets, Kernels.ordered(), workspaces);
    }

    private static Parameters point(int seed) {
        return Initialization.gaussian(NETWORK, 1, RandomStream.of(seed, "point"));
    }

    /** Loss and gradient. */
    private static List<Double> evaluate(Gradient gradient, Parameters point) {
        var result = new Parameters(NETWORK);
        double loss = gradient.evaluate(point, result);
        return DoubleStream.concat(DoubleStream.of(loss), DoubleStream.of(result.toVector()))
                .boxed()
                .toList();
    }

    private static PaddedMatrix gaussian(int rows, int columns, String role) {
        return PaddedMatrix.of(TestMatrices.gaussian(rows, columns, RandomStream.of(0, role)));
    }
}
