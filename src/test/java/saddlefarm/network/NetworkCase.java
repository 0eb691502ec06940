package saddlefarm.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.NullMarked;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;

/**
 * A network, a task and a point at which the loss is smooth: no argument of a ReLU is near 0 there, and signals pass
 * through every layer. Seven samples.
 */
@NullMarked
public record NetworkCase(Loss loss, DMatrixRMaj inputs, DMatrixRMaj targets, Parameters point) {

    private static final int SAMPLES = 7;

    /** Differences move a ReLU's argument by some thousandths at most. */
    private static final double FROM_KINK = 0.01;

    private static final List<List<Integer>> WIDTHS = List.of(
            List.of(1, 1),
            List.of(4, 1),
            List.of(3, 2),
            List.of(3, 5, 2),
            List.of(2, 1, 3),
            List.of(3, 4, 5, 2),
            List.of(1, 7, 1, 3),
            List.of(2, 3, 5, 4, 3),
            List.of(3, 4, 3, 1, 4, 2),
            List.of(2, 5, 5, 3, 5, 3));

    /** Depths 1 to 5, widths from 1, with and without bias, both activations and losses. */
    public static List<NetworkCase> all() {
        List<NetworkCase> cases = new ArrayList<>();
        for (List<Integer> widths : WIDTHS) {
            for (Activation activation : Activation.values()) {
                for (boolean bias : new boolean[] {false, true}) {
                    for (Loss loss : Loss.values()) {
                        cases.add(of(new Architecture(widths, activation, bias), loss));
                    }
                }
            }
        }
        return cases;
    }

    private static NetworkCase of(Architecture architecture, Loss loss) {
        var random = RandomStream.of(0, architecture + " " + loss);
        while (true) {
            DMatrixRMaj inputs = TestMatrices.gaussian(SAMPLES, architecture.inputs(1), random);
            // about as large after every layer as before it: ReLU halves the square
            Parameters point = Initialization.gaussian(architecture, 1.5, random);
            for (int layer = 1; layer <= architecture.depth(); layer++) {
                double[] biases = point.biases(layer);
                for (int i = 0; i < biases.length; i++) {
                    biases[i] = 0.5 * random.nextGaussian();
                }
            }
            var network = new NaiveNetwork(point, inputs);
            if (network.alive() && network.nearestKink() > FROM_KINK) {
                DMatrixRMaj targets = targets(architecture.outputs(architecture.depth()), loss, random);
                return new NetworkCase(loss, inputs, targets, point);
            }
        }
    }

    private static DMatrixRMaj targets(int width, Loss loss, RandomStream random) {
        DMatrixRMaj targets = TestMatrices.gaussian(SAMPLES, width, random);
        if (loss == Loss.CROSS_ENTROPY) {
            for (int n = 0; n < SAMPLES; n++) {
                double sum = 0;
                for (int j = 0; j < width; j++) {
                    targets.set(n, j, Math.abs(targets.get(n, j)));
                    sum += targets.get(n, j);
                }
                for (int j = 0; j < width; j++) {
                    targets.set(n, j, targets.get(n, j) / sum);
                }
            }
        }
        return targets;
    }

    public Architecture architecture() {
        return point.architecture();
    }

    /** The point moved by {@code distance · direction}. */
    public Parameters moved(double[] direction, double distance) {
        double[] vector = point.toVector();
        for (int i = 0; i < vector.length; i++) {
            vector[i] += distance * direction[i];
        }
        return Parameters.of(architecture(), vector);
    }

    /** A direction of length 1. */
    double[] direction(long seed) {
        double[] direction =
                TestMatrices.gaussian(1, architecture().parameters(), RandomStream.of(seed, "direction")).data;
        double square = 0;
        for (double x : direction) {
            square += x * x;
        }
        for (int i = 0; i < direction.length; i++) {
            direction[i] /= Math.sqrt(square);
        }
        return direction;
    }

    /**
     * The derivative at 0 of a function of many values, by central differences of fourth order: with h = 1e-4 the error
     * is of the order h⁴ = 1e-16 from the series, and 1e-16/h = 1e-12 from rounding, times the function's size.
     */
    public static double[] derivative(DoubleFunction<double[]> function) {
        double h = 1e-4;
        double[] ahead = function.apply(h);
        double[] behind = function.apply(-h);
        double[] farAhead = function.apply(2 * h);
        double[] farBehind = function.apply(-2 * h);
        double[] derivative = new double[ahead.length];
        for (int i = 0; i < derivative.length; i++) {
            derivative[i] = (8 * (ahead[i] - behind[i]) - (farAhead[i] - farBehind[i])) / (12 * h);
        }
        return derivative;
    }

    @Override
    public String toString() {
        return "%s %s%s %s"
                .formatted(
                        architecture().widths(),
                        architecture().activation(),
                        architecture().bias() ? " with biases" : "",
                        loss);
    }
}
