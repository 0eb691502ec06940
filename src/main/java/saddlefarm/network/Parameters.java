package saddlefarm.network;

import org.ejml.data.DMatrixRMaj;
import saddlefarm.linalg.Vectors;

/**
 * The weights and biases of one network. Mutable: whoever made it owns it; {@link #copy()} before handing it to another
 * thread.
 *
 * <p>As a vector of P numbers it runs layer by layer: W_1 row by row, the biases of layer 1, W_2, and so on.
 */
public final class Parameters {

    private final Architecture architecture;
    private final DMatrixRMaj[] weights;
    private final double[][] biases;

    /** All zero. */
    public Parameters(Architecture architecture) {
        this.architecture = architecture;
        int depth = architecture.depth();
        weights = new DMatrixRMaj[depth];
        biases = new double[depth][];
        for (int layer = 1; layer <= depth; layer++) {
            weights[layer - 1] = new DMatrixRMaj(architecture.outputs(layer), architecture.inputs(layer));
            biases[layer - 1] = new double[architecture.bias() ? architecture.outputs(layer) : 0];
        }
    }

    /** The parameters that a vector of P numbers holds. */
    public static Parameters of(Architecture architecture, double[] vector) {
        var parameters = new Parameters(architecture);
        parameters.set(vector);
        return parameters;
    }

    public Architecture architecture() {
        return architecture;
    }

    /** W_ℓ, [out × in], owned by this object. */
    public DMatrixRMaj weights(int layer) {
        return weights[layer - 1];
    }

    /** The biases of layer ℓ, owned by this object; empty in a network without biases. */
    public double[] biases(int layer) {
        return biases[layer - 1];
    }

    public Parameters copy() {
        var copy = new Parameters(architecture);
        for (int l = 0; l < weights.length; l++) {
            System.arraycopy(weights[l].data, 0, copy.weights[l].data, 0, weights[l].data.length);
            System.arraycopy(biases[l], 0, copy.biases[l], 0, biases[l].length);
        }
        return copy;
    }

    /** The difference to other parameters of the same architecture. */
    public Parameters minus(Parameters other) {
        double[] difference = toVector();
        Vectors.addScaled(-1, other.toVector(), difference);
        return of(architecture, difference);
    }

    /** A new vector of all P numbers. */
    public double[] toVector() {
        double[] vector = new double[architecture.parameters()];
        copyTo(vector);
        return vector;
    }

    /** Sets a vector to all P numbers. */
    public void copyTo(double[] vector) {
        requireLength(vector);
        int at = 0;
        for (int l = 0; l < weights.length; l++) {
            System.arraycopy(weights[l].data, 0, vector, at, weights[l].data.length);
            at += weights[l].data.length;
            System.arraycopy(biases[l], 0, vector, at, biases[l].length);
            at += biases[l].length;
        }
    }

    /** Replaces all P numbers. */
    public void set(double[] vector) {
        requireLength(vector);
        int at = 0;
        for (int l = 0; l < weights.length; l++) {
            System.arraycopy(vector, at, weights[l].data, 0, weights[l].data.length);
            at += weights[l].data.length;
            System.arraycopy(vector, at, biases[l], 0, biases[l].length);
            at += biases[l].length;
        }
    }

    /** The sum of the squares of all parameters. */
    public double squaredNorm() {
        double sum = 0;
        for (int l = 0; l < weights.length; l++) {
            sum += Vectors.squaredNorm(weights[l].data);
            sum += Vectors.squaredNorm(biases[l]);
        }
        return sum;
    }

    private void requireLength(double[] vector) {
        if (vector.length != architecture.parameters()) {
            throw new IllegalArgumentException("a network of widths %s has %d parameters but was given %d"
                    .formatted(architecture.widths(), architecture.parameters(), vector.length));
        }
    }
}
