package saddlefarm.analysis;

import java.util.List;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.Lanczos.Ritz;
import saddlefarm.linalg.LowerSpectrum;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.SymmetricOperator;
import saddlefarm.linalg.Vectors;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;

/** The directions of negative curvature at a point. */
final class WaysDown {

    /** −λ t below which a direction down matters to nothing that the run has known, as in {@link Curvature}. */
    private static final double NEGLIGIBLE = 0.1;

    /** Hessian-vector products that are taken at most. */
    static final int PRODUCTS = 400;

    /** And those of large networks: keeping P numbers orthogonal for so long takes 4 P products² operations. */
    private static final double WORK = 1L << 28;

    private final LowerSpectrum spectrum;
    private final List<Integer> ascending;
    private final double tolerance;

    /** @param flowTime t > 0 */
    WaysDown(SymmetricOperator hessian, double flowTime) {
        tolerance = NEGLIGIBLE / flowTime;
        int products = products(hessian.dimension());
        spectrum = LowerSpectrum.of(hessian, -tolerance, products, RandomStream.of(0, "index"));
        ascending = spectrum.ascending();
    }

    /** How many products a search takes at most in a network of so many parameters: 400 up to 1677, 211 for 6000. */
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

    /** Length of the part of a unit vector along a displacement, not 0, that lies in the span of all of them. */
    double cosine(double[] displacement) {
        double square = 0;
        for (int way = 0; way < spectrum.count(); way++) {
            double part = Vectors.dot(spectrum.vector(way), displacement);
            square += part * part;
        }
        return Math.min(1, Math.sqrt(square) / Vectors.norm(displacement));
    }

    /** |cos| of a displacement, not 0, with the most negative one; 0 where there is none. */
    double leadingCosine(double[] displacement) {
        if (ascending.isEmpty()) {
            return 0;
        }
        double part = Vectors.dot(spectrum.vector(ascending.get(0)), displacement);
        return Math.min(1, Math.abs(part) / Vectors.norm(displacement));
    }

    private EscapeMode mode(int way, Architecture architecture, Kernels kernels) {
        Ritz ritz = spectrum.ritz(way);
        var vector = Parameters.of(architecture, spectrum.vector(way));
        return new EscapeMode(
                ritz.value(),
                ritz.residual() / spectrum.largest(),
                DirectionShape.energies(vector),
                DirectionShape.ratios(vector, kernels));
    }
}
