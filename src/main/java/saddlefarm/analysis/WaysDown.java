package saddlefarm.analysis;

import java.util.List;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.LowerSpectrum;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.SymmetricOperator;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;

/** The directions of negative curvature at a point. */
final class WaysDown {

    /** Hessian-vector products that are taken at most. */
    static final int PRODUCTS = 400;

    /** Fewer in large networks: keeping so many vectors of P numbers orthogonal takes 4 P products² operations. */
    private static final double WORK = 1L << 27;

    /** An eigenvalue of at least this part of the most negative one is as good as that. */
    private static final double LEADING = 0.99;

    private final SymmetricOperator hessian;
    private final LowerSpectrum spectrum;
    private final List<Integer> ascending;
    private final double tolerance;

    /** @param flowTime t > 0 */
    WaysDown(SymmetricOperator hessian, double flowTime) {
        this.hessian = hessian;
        tolerance = Curvature.STABLE / flowTime;
        int products = products(hessian.dimension());
        spectrum = LowerSpectrum.of(hessian, -tolerance, products, RandomStream.of(0, "index"));
        ascending = spectrum.ascending();
    }

    /** How many products a search takes at most in a network of so many parameters: 400 up to 838, 149 for 6000. */
    static int products(int parameters) {
        return (int) Math.max(Curvature.PRODUCTS, Math.min(PRODUCTS, Math.sqrt(WORK / parameters)));
    }

    SaddleIndex index(Architecture architecture, Kernels kernels) {
        List<EscapeMode> modes = ascending.stream()
                .limit(SaddleIndex.MODES)
                .map(way -> mode(way, architecture, kernels))
                .toList();
        return new SaddleIndex(spectrum.count(), spectrum.complete(), tolerance, modes);
    }

    /** All of them, the most negative first. */
    List<double[]> vectors() {
        return ascending.stream().map(spectrum::vector).toList();
    }

    /** Length of the part of a unit vector along a displacement, not 0, that lies in the span of all of them. */
    double cosine(double[] displacement) {
        return cosine(ascending, displacement);
    }

    /**
     * The same for the span of the most negative ones: of linear networks' saddles many share the least eigenvalue, or
     * nearly, and any one of these is as good as another. 0 where there is none.
     */
    double leadingCosine(double[] displacement) {
        return cosine(
                ascending.stream()
                        .filter(way -> spectrum.ritz(way).value() <= LEADING * least())
                        .toList(),
                displacement);
    }

    private double least() {
        return spectrum.ritz(ascending.get(0)).value();
    }

    private double cosine(List<Integer> ways, double[] displacement) {
        double square = 0;
        for (int way : ways) {
            double part = Vectors.dot(spectrum.vector(way), displacement);
            square += part * part;
        }
        return Math.min(1, Math.sqrt(square) / Vectors.norm(displacement));
    }

    private EscapeMode mode(int way, Architecture architecture, Kernels kernels) {
        double[] vector = spectrum.vector(way);
        double eigenvalue = spectrum.ritz(way).value();
        // From the product itself: the one that the Krylov space tells falls far below rounding.
        double[] remainder = new double[vector.length];
        hessian.apply(vector, remainder);
        Vectors.addScaled(-eigenvalue, vector, remainder);
        var direction = Parameters.of(architecture, vector);
        return new EscapeMode(
                eigenvalue,
                Vectors.norm(remainder) / spectrum.largest(),
                DirectionShape.energies(direction),
                DirectionShape.ratios(direction, kernels));
    }
}
