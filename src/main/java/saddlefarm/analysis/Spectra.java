package saddlefarm.analysis;

import java.util.Arrays;
import java.util.List;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Parameters;

/** The singular values of every layer of a network, each layer's descending. Immutable. */
public final class Spectra {

    private final double[][] values;

    /** @param values a row a layer; kept, so nobody writes to it afterwards */
    public Spectra(double[][] values) {
        this.values = values;
    }

    /** All singular values of all layers. */
    public static Spectra of(Parameters parameters, Kernels kernels) {
        double[][] values = new double[parameters.architecture().depth()][];
        for (int layer = 1; layer <= values.length; layer++) {
            values[layer - 1] = kernels.singularValues(parameters.weights(layer));
        }
        return new Spectra(values);
    }

    /** The number of layers. */
    public int depth() {
        return values.length;
    }

    /** How many singular values layer ℓ has here; layers count from 1. */
    public int count(int layer) {
        return values[layer - 1].length;
    }

    /** σ_i of layer ℓ; both count from 1. */
    public double value(int layer, int index) {
        return values[layer - 1][index - 1];
    }

    /** The singular values of layer ℓ, descending; layers count from 1. */
    public List<Double> values(int layer) {
        return Arrays.stream(values[layer - 1]).boxed().toList();
    }

    /** The largest {@code most} values of every layer, or all where there are fewer. */
    public Spectra leading(int most) {
        double[][] leading = new double[values.length][];
        for (int l = 0; l < values.length; l++) {
            leading[l] = Arrays.copyOf(values[l], Math.min(most, values[l].length));
        }
        return new Spectra(leading);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Spectra spectra && Arrays.deepEquals(values, spectra.values);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.deepToString(values);
    }
}
