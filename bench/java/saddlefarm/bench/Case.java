package saddlefarm.bench;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.GradientDescent;
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
    final PaddedMatrix inputs;
    final PaddedMatrix targets;

    private Case(Architecture architecture, PaddedMatrix inputs, PaddedMatrix targets) {
        this.architecture = architecture;
        this.inputs = inputs;
        this.targets = targets;
    }

    static Case of(String name) {
        String[] parts = name.split("x", -1);
        var widths = new ArrayList<Integer>();
        for (String width : parts[0].split("-", -1)) {
            widths.add(Integer.valueOf(width));
        }
        int samples = Integer.parseInt(parts[1]);
        var architecture = new Architecture(widths, Activation.RELU, false);
        var random = RandomStream.of(0, "data");
        return new Case(
                architecture,
                gaussian(samples, architecture.inputs(1), random),
                gaussian(samples, architecture.outputs(architecture.depth()), random));
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
        var gradient = new Gradient(architecture, Loss.MSE, inputs, targets, kernels);
        return new GradientDescent(gradient, kernels, 1e-4, DescentState.initial(initial()));
    }

    private static PaddedMatrix gaussian(int rows, int columns, RandomStream random) {
        var matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < matrix.getNumElements(); i++) {
            matrix.data[i] = random.nextGaussian();
        }
        return PaddedMatrix.of(matrix);
    }
}
