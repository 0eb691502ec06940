package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import saddlefarm.AllocatedBytes;

/**
 * What every implementation of {@link Kernels} does, against {@link NaiveKernels}. The order of summation is part of
 * the contract, so results are compared bit for bit; only the sign of a zero, which no later operation can tell, is
 * free.
 */
class KernelsContractTest {

    /** Every implementation there is: a new one is one more line. */
    static final List<Named<Supplier<Kernels>>> IMPLEMENTATIONS = List.of(named("EJML", EjmlKernels::new));

    private static final Kernels NAIVE = new NaiveKernels();

    /** A product of matrices [m × k] and [k × n], of which either may be stored transposed. */
    private record Shape(int m, int k, int n) {}

    /** One of the three products. */
    private interface Product {
        void set(Kernels kernels, DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c);
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void multiplyIsTheProduct(Supplier<Kernels> implementation) {
        var kernels = implementation.get();
        var random = RandomStream.of(1, "product");
        for (Shape shape : shapes()) {
            DMatrixRMaj a = TestMatrices.gaussian(shape.m, shape.k, random);
            DMatrixRMaj b = TestMatrices.gaussian(shape.k, shape.n, random);
            assertSameProduct(kernels, Kernels::multiply, a, b, shape);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void multiplyTransposedIsTheProductWithTheSecondTransposed(Supplier<Kernels> implementation) {
        var kernels = implementation.get();
        var random = RandomStream.of(2, "product");
        for (Shape shape : shapes()) {
            DMatrixRMaj a = TestMatrices.gaussian(shape.m, shape.k, random);
            DMatrixRMaj b = TestMatrices.gaussian(shape.n, shape.k, random);
            assertSameProduct(kernels, Kernels::multiplyTransposed, a, b, shape);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void transposedMultiplyIsTheProductWithTheFirstTransposed(Supplier<Kernels> implementation) {
        var kernels = implementation.get();
        var random = RandomStream.of(3, "product");
        for (Shape shape : shapes()) {
            DMatrixRMaj a = TestMatrices.gaussian(shape.k, shape.m, random);
            DMatrixRMaj b = TestMatrices.gaussian(shape.k, shape.n, random);
            assertSameProduct(kernels, Kernels::transposedMultiply, a, b, shape);
        }
    }

    /** A kernel that leaves out products with zero would hide that a run has diverged: 0 · ∞ is not a number. */
    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void whatIsNotFiniteReachesEveryProductEvenTimesZero(Supplier<Kernels> implementation) {
        var zero = new DMatrixRMaj(9, 9);
        var shape = new Shape(9, 9, 9);
        var products = List.<Product>of(Kernels::multiply, Kernels::multiplyTransposed, Kernels::transposedMultiply);
        for (Product product : products) {
            for (double value : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN}) {
                var matrix = new DMatrixRMaj(9, 9);
                matrix.set(4, 8, value);
                assertSameProduct(implementation.get(), product, matrix, zero, shape);
                assertSameProduct(implementation.get(), product, zero, matrix, shape);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void reluKeepsWhatIsAboveZeroAndMakesTheRestPositiveZero(Supplier<Kernels> implementation) {
        double[] values = {
            1.5,
            -1.5,
            0.0,
            -0.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            -Double.MIN_VALUE
        };
        double[] expected = {1.5, 0, 0, 0, 0, Double.POSITIVE_INFINITY, 0, Double.MIN_VALUE, 0};
        // Each value stands at every place that a vector unit may treat in its own way.
        for (int length = 1; length <= 40; length++) {
            var z = new DMatrixRMaj(1, length);
            double[] wanted = new double[length];
            for (int i = 0; i < length; i++) {
                z.data[i] = values[(i + length) % values.length];
                wanted[i] = expected[(i + length) % values.length];
            }
            implementation.get().relu(z);
            assertSameBits(z.data, wanted);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void maskKeepsDeltaWhereTheActivationIsAboveZero(Supplier<Kernels> implementation) {
        double[] activations = {1.5, -1.5, 0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE};
        double[] deltas = {-2.5, 3.5, -0.0, Double.NaN, Double.NEGATIVE_INFINITY};
        for (int length = 1; length <= 80; length++) {
            var activation = new DMatrixRMaj(1, length);
            var delta = new DMatrixRMaj(1, length);
            for (int i = 0; i < length; i++) {
                activation.data[i] = activations[i % activations.length];
                delta.data[i] = deltas[i % deltas.length];
            }
            DMatrixRMaj expected = delta.copy();
            NAIVE.mask(activation, expected);
            double[] activationBefore = activation.data.clone();

            implementation.get().mask(activation, delta);

            assertSameBits(delta.data, expected.data);
            assertSameBits(activation.data, activationBefore);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void elementsBeyondAReshapedMatrixAreLeftAlone(Supplier<Kernels> implementation) {
        var matrix = new DMatrixRMaj(1, 24);
        var active = new DMatrixRMaj(1, 24);
        Arrays.fill(matrix.data, -1);
        matrix.reshape(1, 5);
        active.reshape(1, 5);

        implementation.get().relu(matrix);
        assertThat(Arrays.copyOfRange(matrix.data, 5, 24)).containsOnly(-1);
        implementation.get().mask(active, matrix);
        assertThat(Arrays.copyOfRange(matrix.data, 5, 24)).containsOnly(-1);
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void descendSubtractsTheGradientTimesTheRate(Supplier<Kernels> implementation) {
        var random = RandomStream.of(4, "descend");
        for (int length = 0; length <= 80; length++) {
            double[] from = gaussian(length, random);
            double[] gradient = gaussian(length, random);
            double[] expected = new double[length];
            NAIVE.descend(from, 0.3, gradient, expected);
            double[] fromBefore = from.clone();
            double[] gradientBefore = gradient.clone();
            double[] to = new double[length];

            implementation.get().descend(from, 0.3, gradient, to);

            assertSameBits(to, expected);
            assertSameBits(from, fromBefore);
            assertSameBits(gradient, gradientBefore);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void descendMayWriteWhereItReads(Supplier<Kernels> implementation) {
        var random = RandomStream.of(5, "descend");
        for (int length = 0; length <= 80; length++) {
            double[] weights = gaussian(length, random);
            double[] gradient = gaussian(length, random);
            double[] expected = new double[length];
            NAIVE.descend(weights, 0.3, gradient, expected);

            implementation.get().descend(weights, 0.3, gradient, weights);

            assertSameBits(weights, expected);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void nothingIsAllocatedOnceTheLargestShapesWereSeen(Supplier<Kernels> implementation) {
        var kernels = implementation.get();
        var random = RandomStream.of(6, "allocation");
        DMatrixRMaj square = TestMatrices.gaussian(30, 30, random);
        DMatrixRMaj small = TestMatrices.gaussian(7, 7, random);
        var squareProduct = new DMatrixRMaj(30, 30);
        var smallProduct = new DMatrixRMaj(7, 7);
        Runnable everything = () -> {
            kernels.multiply(square, square, squareProduct);
            kernels.multiplyTransposed(square, square, squareProduct);
            kernels.multiplyTransposed(small, small, smallProduct);
            kernels.transposedMultiply(square, square, squareProduct);
            kernels.relu(squareProduct);
            kernels.mask(square, squareProduct);
            kernels.descend(square.data, 0.1, squareProduct.data, square.data);
        };
        // An array or object at every call would be 16 bytes at least.
        assertThat(AllocatedBytes.of(everything, 2000)).isLessThan(2000 * 16L);
    }

    /**
     * All shapes up to 20 in each dimension and some larger ones, in a shuffled order: one instance meets small shapes
     * after large ones.
     */
    private static List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        for (int m = 1; m <= 20; m++) {
            for (int k = 1; k <= 20; k++) {
                for (int n = 1; n <= 20; n++) {
                    shapes.add(new Shape(m, k, n));
                }
            }
        }
        var random = RandomStream.of(0, "shapes");
        for (int i = 0; i < 30; i++) {
            shapes.add(new Shape(1 + random.nextInt(150), 1 + random.nextInt(150), 1 + random.nextInt(150)));
        }
        int[] order = random.permutation(shapes.size());
        List<Shape> shuffled = new ArrayList<>();
        for (int i : order) {
            shuffled.add(shapes.get(i));
        }
        return Collections.unmodifiableList(shuffled);
    }

    private static void assertSameProduct(Kernels kernels, Product product, DMatrixRMaj a, DMatrixRMaj b, Shape shape) {
        DMatrixRMaj aBefore = a.copy();
        DMatrixRMaj bBefore = b.copy();
        var expected = new DMatrixRMaj(shape.m, shape.n);
        product.set(NAIVE, a, b, expected);
        var c = new DMatrixRMaj(shape.m, shape.n);
        Arrays.fill(c.data, Double.NaN); // what stood there before does not matter

        product.set(kernels, a, b, c);

        assertThat(signless(c.data)).as("%s", shape).isEqualTo(signless(expected.data));
        assertThat(a.data).as("a, which is only read, %s", shape).isEqualTo(aBefore.data);
        assertThat(b.data).as("b, which is only read, %s", shape).isEqualTo(bBefore.data);
    }

    private static double[] signless(double[] values) {
        return Arrays.stream(values).map(value -> value + 0.0).toArray();
    }

    private static void assertSameBits(double[] values, double[] expected) {
        assertThat(Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray())
                .as("length %d", values.length)
                .isEqualTo(Arrays.stream(expected)
                        .mapToLong(Double::doubleToLongBits)
                        .toArray());
    }

    private static double[] gaussian(int length, RandomStream random) {
        double[] vector = new double[length];
        for (int i = 0; i < length; i++) {
            vector[i] = random.nextGaussian();
        }
        return vector;
    }
}
