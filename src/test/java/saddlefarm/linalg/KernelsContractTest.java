package saddlefarm.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import saddlefarm.AllocatedBytes;

/**
 * What every implementation of {@link Kernels} does, against {@link NaiveKernels}: those that are ordered bit for bit,
 * since the order of summation is part of their contract. {@link KernelBitsIT} compares them across JVMs, vector widths
 * and states of compilation.
 */
class KernelsContractTest {

    /** Every implementation there is: a new one is one more line. */
    static final List<Named<Kernels>> IMPLEMENTATIONS = List.of(
            named("vectors", Kernels.ordered()),
            named("scalar", new ScalarKernels()),
            named("OpenBLAS", Kernels.of("openblas")));

    /**
     * How far another order of summation may lead: 150 products, whose sum has a magnitude below 60 on the way, rounded
     * to 53 bits each: 150 · 60 · 1.1e-16.
     */
    private static final double REORDERED = 1e-12;

    private static final Kernels NAIVE = new NaiveKernels();

    /** A product of matrices [m × k] and [k × n]. */
    private record Shape(int m, int k, int n) {}

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void multiplyIsTheProductWhateverWasThereBeforeEvenInThePadding(Kernels kernels) {
        var random = RandomStream.of(1, "product");
        for (Shape shape : shapes()) {
            var a = gaussian(shape.m, shape.k, random);
            var b = gaussian(shape.k, shape.n, random);
            var c = filled(shape.m, shape.n, Double.NaN);
            var expected = new PaddedMatrix(shape.m, shape.n);
            NAIVE.multiply(a, b, expected);

            kernels.multiply(a, b, c);

            assertProduct(kernels, c, expected, shape);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void multiplyAddGoesOnFromWhatIsThere(Kernels kernels) {
        var random = RandomStream.of(2, "product");
        for (Shape shape : shapes()) {
            var a = gaussian(shape.m, shape.k, random);
            var b = gaussian(shape.k, shape.n, random);
            var c = gaussian(shape.m, shape.n, random);
            var expected = copy(c);
            NAIVE.multiplyAdd(a, b, expected);

            kernels.multiplyAdd(a, b, c);

            assertProduct(kernels, c, expected, shape);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void transposedMultiplyAddGoesOnFromWhatIsThere(Kernels kernels) {
        var random = RandomStream.of(3, "product");
        for (Shape shape : shapes()) {
            var a = gaussian(shape.k, shape.m, random);
            var b = gaussian(shape.k, shape.n, random);
            var c = gaussian(shape.m, shape.n, random);
            var expected = copy(c);
            NAIVE.transposedMultiplyAdd(a, b, expected);

            kernels.transposedMultiplyAdd(a, b, c);

            assertProduct(kernels, c, expected, shape);
        }
    }

    /** So a batch may go through in panels of any size. */
    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void rowsOfAMatrixGiveWhatTheWholeGives(Kernels kernels) {
        var random = RandomStream.of(4, "panels");
        int samples = 83;
        var a = gaussian(samples, 13, random);
        var b = gaussian(13, 21, random);
        var d = gaussian(samples, 21, random);
        var whole = new PaddedMatrix(samples, 21);
        var wholeSum = new PaddedMatrix(13, 21);
        kernels.multiply(a, b, whole);
        kernels.transposedMultiplyAdd(a, d, wholeSum);
        for (int panel = 1; panel <= samples; panel++) {
            var product = new PaddedMatrix(samples, 21);
            var sum = new PaddedMatrix(13, 21);
            for (int from = 0; from < samples; from += panel) {
                int count = Math.min(panel, samples - from);
                kernels.multiply(a.rows(from, count), b, product.rows(from, count));
                kernels.transposedMultiplyAdd(a.rows(from, count), d.rows(from, count), sum);
            }
            assertProduct(kernels, product, whole, "panels of " + panel);
            assertProduct(kernels, sum, wholeSum, "panels of " + panel);
        }
    }

    /** A kernel that leaves out products with zero would hide that a run has diverged: 0 · ∞ is not a number. */
    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void whatIsNotFiniteReachesEveryProductEvenTimesZero(Kernels kernels) {
        var zero = new PaddedMatrix(9, 9);
        for (double value : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN}) {
            var matrix = new PaddedMatrix(9, 9);
            matrix.set(4, 8, value);
            var c = new PaddedMatrix(9, 9);
            kernels.multiply(matrix, zero, c);
            assertThat(c.get(4, 0)).isNaN();
            kernels.multiply(zero, matrix, c);
            assertThat(c.get(0, 8)).isNaN();
            c.setZero();
            kernels.transposedMultiplyAdd(matrix, zero, c);
            assertThat(c.get(8, 0)).isNaN();
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void reluKeepsWhatIsAboveZeroAndMakesTheRestPositiveZero(Kernels kernels) {
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
        // Each value stands at every place that a vector unit may treat in its own way.
        for (int length = 1; length <= 40; length++) {
            var z = new PaddedMatrix(2, length);
            for (int i = 0; i < 2 * length; i++) {
                z.set(i / length, i % length, values[(i + length) % values.length]);
            }
            var expected = copy(z);
            NAIVE.relu(expected);

            kernels.relu(z);

            assertSame(z, expected, length);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void maskKeepsDeltaWhereTheActivationIsAboveZero(Kernels kernels) {
        double[] activations = {1.5, -1.5, 0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE};
        double[] deltas = {-2.5, 3.5, -0.0, Double.NaN, Double.NEGATIVE_INFINITY};
        for (int length = 1; length <= 80; length++) {
            var activation = new PaddedMatrix(1, length);
            var delta = new PaddedMatrix(1, length);
            for (int i = 0; i < length; i++) {
                activation.set(0, i, activations[i % activations.length]);
                delta.set(0, i, deltas[i % deltas.length]);
            }
            var expected = copy(delta);
            NAIVE.mask(activation, expected);
            var before = copy(activation);

            kernels.mask(activation, delta);

            assertSame(delta, expected, length);
            assertSame(activation, before, length);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void differencesAreScaledAndTheirSquaresSummedByColumnWhateverWasThereBefore(Kernels kernels) {
        var random = RandomStream.of(5, "differences");
        for (int columns = 1; columns <= 40; columns++) {
            var y = gaussian(11, columns, random);
            var t = gaussian(11, columns, random);
            var difference = filled(11, columns, Double.NaN);
            var expected = new PaddedMatrix(11, columns);
            double[] sums = random(8, random);
            double[] expectedSums = sums.clone();
            NAIVE.differences(y, t, 0.3, expected, expectedSums);

            kernels.differences(y, t, 0.3, difference, sums);

            assertSame(difference, expected, columns);
            assertSameBits(sums, expectedSums, columns);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void squaresAreAddedToEightInterleavedSums(Kernels kernels) {
        var random = RandomStream.of(6, "squares");
        for (int length = 0; length <= 80; length++) {
            double[] x = random(length, random);
            double[] sums = random(8, random);
            double[] expected = sums.clone();
            NAIVE.addSquares(x, expected);

            kernels.addSquares(x, sums);

            assertSameBits(sums, expected, length);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void descendSubtractsTheGradientTimesTheRateAlsoInPlace(Kernels kernels) {
        var random = RandomStream.of(7, "descend");
        for (int length = 0; length <= 80; length++) {
            double[] from = random(length, random);
            double[] gradient = random(length, random);
            double[] expected = new double[length];
            NAIVE.descend(from, 0.3, gradient, expected);
            double[] before = from.clone();
            double[] to = new double[length];

            kernels.descend(from, 0.3, gradient, to);
            assertSameBits(to, expected, length);
            assertSameBits(from, before, length);

            kernels.descend(from, 0.3, gradient, from);
            assertSameBits(from, expected, length);
        }
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void shapesThatDoNotFitAreRefused(Kernels kernels) {
        var a = new PaddedMatrix(2, 3);
        var b = new PaddedMatrix(3, 4);
        assertThatThrownBy(() -> kernels.multiply(a, b, new PaddedMatrix(2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 × 3 times 3 × 4 is not 2 × 3");
        assertThatThrownBy(() -> kernels.multiplyAdd(b, a, new PaddedMatrix(3, 3)))
                .hasMessage("3 × 4 times 2 × 3 is not 3 × 3");
        assertThatThrownBy(() -> kernels.transposedMultiplyAdd(a, b, new PaddedMatrix(3, 4)))
                .hasMessage("3 × 2 times 3 × 4 is not 3 × 4");
        assertThatThrownBy(() -> kernels.mask(a, b)).hasMessage("2 × 3 is not the shape 3 × 4");
        assertThatThrownBy(() -> kernels.differences(a, b, 1, a, new double[8]))
                .hasMessage("2 × 3 is not the shape 3 × 4");
        assertThatThrownBy(() -> kernels.differences(a, a, 1, a, new double[7])).hasMessage("7 numbers where 8 belong");
        assertThatThrownBy(() -> kernels.addSquares(new double[20], new double[4]))
                .hasMessage("4 numbers where 8 belong");
        assertThatThrownBy(() -> kernels.descend(new double[9], 1, new double[8], new double[9]))
                .hasMessage("8 numbers where 9 belong");
        assertThatThrownBy(() -> kernels.descend(new double[9], 1, new double[9], new double[10]))
                .hasMessage("10 numbers where 9 belong");
    }

    @ParameterizedTest
    @FieldSource("IMPLEMENTATIONS")
    void nothingIsAllocated(Kernels kernels) {
        var random = RandomStream.of(8, "allocation");
        var square = gaussian(30, 30, random);
        var product = new PaddedMatrix(30, 30);
        double[] vector = random(900, random);
        double[] sums = new double[8];
        Runnable everything = () -> {
            kernels.multiply(square, square, product);
            kernels.multiplyAdd(square, square, product);
            kernels.transposedMultiplyAdd(square, square, product);
            kernels.relu(product);
            kernels.mask(square, product);
            kernels.differences(square, product, 0.1, product, sums);
            kernels.addSquares(vector, sums);
            kernels.descend(vector, 0.1, vector, vector);
        };
        // An array or object at every call would be 16 bytes at least.
        assertThat(AllocatedBytes.of(everything, 20_000)).isLessThan(20_000 * 16L);
    }

    /** Every m and n to 70, with every inner length to 70 among them; and some larger ones. */
    private static List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        var random = RandomStream.of(0, "shapes");
        for (int m = 1; m <= 70; m++) {
            for (int n = 1; n <= 70; n++) {
                shapes.add(new Shape(m, 1 + random.nextInt(70), n));
            }
        }
        for (int i = 0; i < 30; i++) {
            shapes.add(new Shape(1 + random.nextInt(150), 1 + random.nextInt(150), 1 + random.nextInt(150)));
        }
        return shapes;
    }

    private static void assertProduct(Kernels kernels, PaddedMatrix product, PaddedMatrix expected, Object what) {
        if (kernels.backend().equals("ordered")) {
            assertSame(product, expected, what);
        } else {
            double[] values = product.toMatrix().data;
            Vectors.addScaled(-1, expected.toMatrix().data, values);
            assertThat(Vectors.largest(values)).as("%s", what).isLessThan(REORDERED);
            double[] padding = padding(product);
            assertThat(padding).as("padding of %s", what).isEqualTo(new double[padding.length]);
        }
    }

    /** The padding included: {@link NaiveKernels} never touch that of what is expected, so it is 0. */
    private static void assertSame(PaddedMatrix matrix, PaddedMatrix expected, Object what) {
        assertSameBits(matrix.data, expected.data, what);
    }

    private static void assertSameBits(double[] values, double[] expected, Object what) {
        assertThat(bits(values)).as("%s", what).isEqualTo(bits(expected));
    }

    /** NaN has many bits, of which no computation depends on any. */
    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
    }

    private static PaddedMatrix gaussian(int rows, int columns, RandomStream random) {
        return PaddedMatrix.of(TestMatrices.gaussian(rows, columns, random));
    }

    private static PaddedMatrix copy(PaddedMatrix matrix) {
        return PaddedMatrix.of(matrix.toMatrix());
    }

    /** With the value in the padding too. */
    private static PaddedMatrix filled(int rows, int columns, double value) {
        var matrix = new PaddedMatrix(rows, columns);
        Arrays.fill(matrix.data, value);
        return matrix;
    }

    /** The elements behind the columns of each row. */
    private static double[] padding(PaddedMatrix matrix) {
        return IntStream.range(0, matrix.data.length)
                .filter(i -> i % matrix.stride >= matrix.columns())
                .mapToDouble(i -> matrix.data[i])
                .toArray();
    }

    private static double[] random(int length, RandomStream random) {
        double[] vector = new double[length];
        for (int i = 0; i < length; i++) {
            vector[i] = random.nextGaussian();
        }
        return vector;
    }
}
