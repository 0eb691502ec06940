package saddlefarm.analysis;

import java.util.List;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.SymmetricOperator;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Parameters;

/** Weights beside a saddle. */
public final class Perturbation {

    private Perturbation() {}

    /**
     * Unit eigenvectors of the Hessian that lead down, that of the least eigenvalue first. Where eigenvalues coincide
     * they are some of their eigenvectors, always the same.
     *
     * @param flowTime t > 0; only eigenvalues below −0.1/t are ways out, see {@link SaddleIndex}
     */
    public static List<double[]> ways(SymmetricOperator hessian, double flowTime) {
        return new WaysDown(hessian, flowTime).vectors();
    }

    /**
     * {@code θ + size · v} with v a unit vector, turned so that its component of largest magnitude is positive: the
     * sign of an eigenvector means nothing.
     *
     * @param size of either sign
     */
    public static Parameters along(double[] way, Parameters theta, double size) {
        return moved(theta, sign(way) * size, way);
    }

    /** {@code θ + size · v} with v a unit vector of any direction, biases among its components where there are any. */
    public static Parameters random(Parameters theta, double size, RandomStream random) {
        double[] direction = new double[theta.architecture().parameters()];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = random.nextGaussian();
        }
        return moved(theta, size / Vectors.norm(direction), direction);
    }

    private static Parameters moved(Parameters theta, double factor, double[] direction) {
        double[] vector = theta.toVector();
        Vectors.addScaled(factor, direction, vector);
        return Parameters.of(theta.architecture(), vector);
    }

    /** ±1: the sign of the component of largest magnitude, the first of several. */
    private static double sign(double[] vector) {
        double largest = 0;
        for (double value : vector) {
            largest = Math.abs(value) > Math.abs(largest) ? value : largest;
        }
        return Math.signum(largest);
    }
}
