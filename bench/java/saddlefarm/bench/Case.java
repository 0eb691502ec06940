package saddlefarm.bench;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.GradientDescent;
import saddlefarm.descent.GradientFlow;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/** A ReLU network of some shape on random data, as a name such as {@code 64-100-100-100-10x1000} says: widths and N. */
final class Case {

    final Architecture architecture;
    final Loss loss;
    final PaddedMatrix inputs;
    final PaddedMatrix targets;

    private Case(Architecture architecture, Loss loss, PaddedMatrix inputs, PaddedMatrix targets) {
        this.architecture = architecture;
        this.loss = loss;
        this.inputs = inputs;
        this.targets = targets;
    }

    /** Without biases, and of the mean squared error. */
    static Case of(String name) {
        return of(name, Activation.RELU, false, Loss.MSE);
    }

    /** Targets are distributions for the cross-entropy, each of one class. */
    static Case of(String name, Activation activation, boolean bias, Loss loss) {
        String[] parts = name.split("x", -1);
        var widths = new ArrayList<Integer>();
        for (String width : parts[0].split("-", -1)) {
            widths.add(Integer.valueOf(width));
        }
        int samples = Integer.parseInt(parts[1]);
        var architecture = new Architecture(widths, activation, bias);
        int outputs = architecture.outputs(architecture.depth());
        var random = RandomStream.of(0, "data");
        PaddedMatrix inputs = gaussian(samples, architecture.inputs(1), random);
        PaddedMatrix targets =
                loss == Loss.CROSS_ENTROPY ? classes(samples, outputs) : gaussian(samples, outputs, random);
        return new Case(architecture, loss, inputs, targets);
    }

    /** Multiplications and additions of a step: three products a layer, but no gradient of the inputs. */
    static double operations(String name) {
        Case one = of(name);
        List<Integer> widths = one.architecture.widths();
        double products = 0;
        for (int layer = 1; layer < widths.size(); layer++) {
            products += (double) widths.get(layer - 1) * widths.get(layer) * (layer == 1 ? 2 : 3);
        }
        return 2 * products * one.inputs.rows();
    }

    Parameters initial() {
        return Initialization.gaussian(architecture, 1, RandomStream.of(0, "initialization"));
    }

    GradientDescent descent(Kernels kernels) {
        return new GradientDescent(gradient(kernels), kernels, 1e-4, DescentState.initial(initial()));
    }

    GradientFlow flow(Kernels kernels) {
        return new GradientFlow(gradient(kernels), 1e-3, DescentState.initial(initial()));
    }

    private Gradient gradient(Kernels kernels) {
        return new Gradient(architecture, loss, inputs, targets, kernels);
    }

    private static PaddedMatrix classes(int samples, int outputs) {
        var targets = new PaddedMatrix(samples, outputs);
        for (int n = 0; n < samples; n++) {
            targets.set(n, n % outputs, 1);
        }
        return targets;
    }

    private static PaddedMatrix gaussian(int rows, int columns, RandomStream random) {
        var matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < matrix.getNumElements(); i++) {
            matrix.data[i] = random.nextGaussian();
        }
        return PaddedMatrix.of(matrix);
    }
}
