package saddlefarm.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of products: a tile of rows × vectors of c stays in registers while the inner index runs.
 *
 * <p>{@code c[r] = z[r] + Σ_k a(r, k) b[k]}, r over the tile's rows, k ascending, each term by a fused multiply-add.
 * Arrays come with an index and strides: {@code ar} from row to row of a and {@code ak} along k, so that a may be read
 * transposed; {@code bk}, {@code zr}, {@code cr} from row to row of b, z and c.
 *
 * <p>Written out, because the compiler keeps only local variables in registers, and without any choice inside, because
 * a vector that comes from one of two places is put into memory.
 */
final class SimdTiles {

    /** The widest vectors of this machine, or those that were asked for. */
    static final VectorSpecies<Double> LANES = lanes(VectorWidth.asked());

    private static final int V = LANES.length();

    private SimdTiles() {}

    private static VectorSpecies<Double> lanes(int bits) {
        return switch (bits == 0 ? Math.min(DoubleVector.SPECIES_PREFERRED.vectorBitSize(), 512) : bits) {
            case 512 -> DoubleVector.SPECIES_512;
            case 256 -> DoubleVector.SPECIES_256;
            case 128 -> DoubleVector.SPECIES_128;
            default -> throw new IllegalArgumentException("vectors have 128, 256 or 512 bits, not " + bits);
        };
    }

    static void tile8x3(
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        DoubleVector c00 = DoubleVector.fromArray(LANES, z, zi);
        DoubleVector c01 = DoubleVector.fromArray(LANES, z, zi + V);
        DoubleVector c02 = DoubleVector.fromArray(LANES, z, zi + 2 * V);
        DoubleVector c10 = DoubleVector.fromArray(LANES, z, zi + zr);
        DoubleVector c11 = DoubleVector.fromArray(LANES, z, zi + zr + V);
        DoubleVector c12 = DoubleVector.fromArray(LANES, z, zi + zr + 2 * V);
        DoubleVector c20 = DoubleVector.fromArray(LANES, z, zi + 2 * zr);
        DoubleVector c21 = DoubleVector.fromArray(LANES, z, zi + 2 * zr + V);
        DoubleVector c22 = DoubleVector.fromArray(LANES, z, zi + 2 * zr + 2 * V);
        DoubleVector c30 = DoubleVector.fromArray(LANES, z, zi + 3 * zr);
        DoubleVector c31 = DoubleVector.fromArray(LANES, z, zi + 3 * zr + V);
        DoubleVector c32 = DoubleVector.fromArray(LANES, z, zi + 3 * zr + 2 * V);
        DoubleVector c40 = DoubleVector.fromArray(LANES, z, zi + 4 * zr);
        DoubleVector c41 = DoubleVector.fromArray(LANES, z, zi + 4 * zr + V);
        DoubleVector c42 = DoubleVector.fromArray(LANES, z, zi + 4 * zr + 2 * V);
        DoubleVector c50 = DoubleVector.fromArray(LANES, z, zi + 5 * zr);
        DoubleVector c51 = DoubleVector.fromArray(LANES, z, zi + 5 * zr + V);
        DoubleVector c52 = DoubleVector.fromArray(LANES, z, zi + 5 * zr + 2 * V);
        DoubleVector c60 = DoubleVector.fromArray(LANES, z, zi + 6 * zr);
        DoubleVector c61 = DoubleVector.fromArray(LANES, z, zi + 6 * zr + V);
        DoubleVector c62 = DoubleVector.fromArray(LANES, z, zi + 6 * zr + 2 * V);
        DoubleVector c70 = DoubleVector.fromArray(LANES, z, zi + 7 * zr);
        DoubleVector c71 = DoubleVector.fromArray(LANES, z, zi + 7 * zr + V);
        DoubleVector c72 = DoubleVector.fromArray(LANES, z, zi + 7 * zr + 2 * V);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = DoubleVector.fromArray(LANES, b, bi);
            DoubleVector b1 = DoubleVector.fromArray(LANES, b, bi + V);
            DoubleVector b2 = DoubleVector.fromArray(LANES, b, bi + 2 * V);
            DoubleVector a0 = DoubleVector.broadcast(LANES, a[ai]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(LANES, a[ai + ar]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            DoubleVector a2 = DoubleVector.broadcast(LANES, a[ai + 2 * ar]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            DoubleVector a3 = DoubleVector.broadcast(LANES, a[ai + 3 * ar]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            DoubleVector a4 = DoubleVector.broadcast(LANES, a[ai + 4 * ar]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            c42 = a4.fma(b2, c42);
            DoubleVector a5 = DoubleVector.broadcast(LANES, a[ai + 5 * ar]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            c52 = a5.fma(b2, c52);
            DoubleVector a6 = DoubleVector.broadcast(LANES, a[ai + 6 * ar]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            c62 = a6.fma(b2, c62);
            DoubleVector a7 = DoubleVector.broadcast(LANES, a[ai + 7 * ar]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
            c72 = a7.fma(b2, c72);
            ai += ak;
            bi += bk;
        }
        c00.intoArray(c, ci);
        c01.intoArray(c, ci + V);
        c02.intoArray(c, ci + 2 * V);
        c10.intoArray(c, ci + cr);
        c11.intoArray(c, ci + cr + V);
        c12.intoArray(c, ci + cr + 2 * V);
        c20.intoArray(c, ci + 2 * cr);
        c21.intoArray(c, ci + 2 * cr + V);
        c22.intoArray(c, ci + 2 * cr + 2 * V);
        c30.intoArray(c, ci + 3 * cr);
        c31.intoArray(c, ci + 3 * cr + V);
        c32.intoArray(c, ci + 3 * cr + 2 * V);
        c40.intoArray(c, ci + 4 * cr);
        c41.intoArray(c, ci + 4 * cr + V);
        c42.intoArray(c, ci + 4 * cr + 2 * V);
        c50.intoArray(c, ci + 5 * cr);
        c51.intoArray(c, ci + 5 * cr + V);
        c52.intoArray(c, ci + 5 * cr + 2 * V);
        c60.intoArray(c, ci + 6 * cr);
        c61.intoArray(c, ci + 6 * cr + V);
        c62.intoArray(c, ci + 6 * cr + 2 * V);
        c70.intoArray(c, ci + 7 * cr);
        c71.intoArray(c, ci + 7 * cr + V);
        c72.intoArray(c, ci + 7 * cr + 2 * V);
    }

    static void tile8x2(
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        DoubleVector c00 = DoubleVector.fromArray(LANES, z, zi);
        DoubleVector c01 = DoubleVector.fromArray(LANES, z, zi + V);
        DoubleVector c10 = DoubleVector.fromArray(LANES, z, zi + zr);
        DoubleVector c11 = DoubleVector.fromArray(LANES, z, zi + zr + V);
        DoubleVector c20 = DoubleVector.fromArray(LANES, z, zi + 2 * zr);
        DoubleVector c21 = DoubleVector.fromArray(LANES, z, zi + 2 * zr + V);
        DoubleVector c30 = DoubleVector.fromArray(LANES, z, zi + 3 * zr);
        DoubleVector c31 = DoubleVector.fromArray(LANES, z, zi + 3 * zr + V);
        DoubleVector c40 = DoubleVector.fromArray(LANES, z, zi + 4 * zr);
        DoubleVector c41 = DoubleVector.fromArray(LANES, z, zi + 4 * zr + V);
        DoubleVector c50 = DoubleVector.fromArray(LANES, z, zi + 5 * zr);
        DoubleVector c51 = DoubleVector.fromArray(LANES, z, zi + 5 * zr + V);
        DoubleVector c60 = DoubleVector.fromArray(LANES, z, zi + 6 * zr);
        DoubleVector c61 = DoubleVector.fromArray(LANES, z, zi + 6 * zr + V);
        DoubleVector c70 = DoubleVector.fromArray(LANES, z, zi + 7 * zr);
        DoubleVector c71 = DoubleVector.fromArray(LANES, z, zi + 7 * zr + V);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = DoubleVector.fromArray(LANES, b, bi);
            DoubleVector b1 = DoubleVector.fromArray(LANES, b, bi + V);
            DoubleVector a0 = DoubleVector.broadcast(LANES, a[ai]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            DoubleVector a1 = DoubleVector.broadcast(LANES, a[ai + ar]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            DoubleVector a2 = DoubleVector.broadcast(LANES, a[ai + 2 * ar]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            DoubleVector a3 = DoubleVector.broadcast(LANES, a[ai + 3 * ar]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            DoubleVector a4 = DoubleVector.broadcast(LANES, a[ai + 4 * ar]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            DoubleVector a5 = DoubleVector.broadcast(LANES, a[ai + 5 * ar]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            DoubleVector a6 = DoubleVector.broadcast(LANES, a[ai + 6 * ar]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            DoubleVector a7 = DoubleVector.broadcast(LANES, a[ai + 7 * ar]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
            ai += ak;
            bi += bk;
        }
        c00.intoArray(c, ci);
        c01.intoArray(c, ci + V);
        c10.intoArray(c, ci + cr);
        c11.intoArray(c, ci + cr + V);
        c20.intoArray(c, ci + 2 * cr);
        c21.intoArray(c, ci + 2 * cr + V);
        c30.intoArray(c, ci + 3 * cr);
        c31.intoArray(c, ci + 3 * cr + V);
        c40.intoArray(c, ci + 4 * cr);
        c41.intoArray(c, ci + 4 * cr + V);
        c50.intoArray(c, ci + 5 * cr);
        c51.intoArray(c, ci + 5 * cr + V);
        c60.intoArray(c, ci + 6 * cr);
        c61.intoArray(c, ci + 6 * cr + V);
        c70.intoArray(c, ci + 7 * cr);
        c71.intoArray(c, ci + 7 * cr + V);
    }

    static void tile8x1(
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        DoubleVector c00 = DoubleVector.fromArray(LANES, z, zi);
        DoubleVector c10 = DoubleVector.fromArray(LANES, z, zi + zr);
        DoubleVector c20 = DoubleVector.fromArray(LANES, z, zi + 2 * zr);
        DoubleVector c30 = DoubleVector.fromArray(LANES, z, zi + 3 * zr);
        DoubleVector c40 = DoubleVector.fromArray(LANES, z, zi + 4 * zr);
        DoubleVector c50 = DoubleVector.fromArray(LANES, z, zi + 5 * zr);
        DoubleVector c60 = DoubleVector.fromArray(LANES, z, zi + 6 * zr);
        DoubleVector c70 = DoubleVector.fromArray(LANES, z, zi + 7 * zr);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = DoubleVector.fromArray(LANES, b, bi);
            DoubleVector a0 = DoubleVector.broadcast(LANES, a[ai]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(LANES, a[ai + ar]);
            c10 = a1.fma(b0, c10);
            DoubleVector a2 = DoubleVector.broadcast(LANES, a[ai + 2 * ar]);
            c20 = a2.fma(b0, c20);
            DoubleVector a3 = DoubleVector.broadcast(LANES, a[ai + 3 * ar]);
            c30 = a3.fma(b0, c30);
            DoubleVector a4 = DoubleVector.broadcast(LANES, a[ai + 4 * ar]);
            c40 = a4.fma(b0, c40);
            DoubleVector a5 = DoubleVector.broadcast(LANES, a[ai + 5 * ar]);
            c50 = a5.fma(b0, c50);
            DoubleVector a6 = DoubleVector.broadcast(LANES, a[ai + 6 * ar]);
            c60 = a6.fma(b0, c60);
            DoubleVector a7 = DoubleVector.broadcast(LANES, a[ai + 7 * ar]);
            c70 = a7.fma(b0, c70);
            ai += ak;
            bi += bk;
        }
        c00.intoArray(c, ci);
        c10.intoArray(c, ci + cr);
        c20.intoArray(c, ci + 2 * cr);
        c30.intoArray(c, ci + 3 * cr);
        c40.intoArray(c, ci + 4 * cr);
        c50.intoArray(c, ci + 5 * cr);
        c60.intoArray(c, ci + 6 * cr);
        c70.intoArray(c, ci + 7 * cr);
    }

    static void tile4x3(
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        DoubleVector c00 = DoubleVector.fromArray(LANES, z, zi);
        DoubleVector c01 = DoubleVector.fromArray(LANES, z, zi + V);
        DoubleVector c02 = DoubleVector.fromArray(LANES, z, zi + 2 * V);
        DoubleVector c10 = DoubleVector.fromArray(LANES, z, zi + zr);
        DoubleVector c11 = DoubleVector.fromArray(LANES, z, zi + zr + V);
        DoubleVector c12 = DoubleVector.fromArray(LANES, z, zi + zr + 2 * V);
        DoubleVector c20 = DoubleVector.fromArray(LANES, z, zi + 2 * zr);
        DoubleVector c21 = DoubleVector.fromArray(LANES, z, zi + 2 * zr + V);
        DoubleVector c22 = DoubleVector.fromArray(LANES, z, zi + 2 * zr + 2 * V);
        DoubleVector c30 = DoubleVector.fromArray(LANES, z, zi + 3 * zr);
        DoubleVector c31 = DoubleVector.fromArray(LANES, z, zi + 3 * zr + V);
        DoubleVector c32 = DoubleVector.fromArray(LANES, z, zi + 3 * zr + 2 * V);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = DoubleVector.fromArray(LANES, b, bi);
            DoubleVector b1 = DoubleVector.fromArray(LANES, b, bi + V);
            DoubleVector b2 = DoubleVector.fromArray(LANES, b, bi + 2 * V);
            DoubleVector a0 = DoubleVector.broadcast(LANES, a[ai]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(LANES, a[ai + ar]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            DoubleVector a2 = DoubleVector.broadcast(LANES, a[ai + 2 * ar]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            DoubleVector a3 = DoubleVector.broadcast(LANES, a[ai + 3 * ar]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            ai += ak;
            bi += bk;
        }
        c00.intoArray(c, ci);
        c01.intoArray(c, ci + V);
        c02.intoArray(c, ci + 2 * V);
        c10.intoArray(c, ci + cr);
        c11.intoArray(c, ci + cr + V);
        c12.intoArray(c, ci + cr + 2 * V);
        c20.intoArray(c, ci + 2 * cr);
        c21.intoArray(c, ci + 2 * cr + V);
        c22.intoArray(c, ci + 2 * cr + 2 * V);
        c30.intoArray(c, ci + 3 * cr);
        c31.intoArray(c, ci + 3 * cr + V);
        c32.intoArray(c, ci + 3 * cr + 2 * V);
    }

    static void tile4x2(
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        DoubleVector c00 = DoubleVector.fromArray(LANES, z, zi);
        DoubleVector c01 = DoubleVector.fromArray(LANES, z, zi + V);
        DoubleVector c10 = DoubleVector.fromArray(LANES, z, zi + zr);
        DoubleVector c11 = DoubleVector.fromArray(LANES, z, zi + zr + V);
        DoubleVector c20 = DoubleVector.fromArray(LANES, z, zi + 2 * zr);
        DoubleVector c21 = DoubleVector.fromArray(LANES, z, zi + 2 * zr + V);
        DoubleVector c30 = DoubleVector.fromArray(LANES, z, zi + 3 * zr);
        DoubleVector c31 = DoubleVector.fromArray(LANES, z, zi + 3 * zr + V);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = DoubleVector.fromArray(LANES, b, bi);
            DoubleVector b1 = DoubleVector.fromArray(LANES, b, bi + V);
            DoubleVector a0 = DoubleVector.broadcast(LANES, a[ai]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            DoubleVector a1 = DoubleVector.broadcast(LANES, a[ai + ar]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            DoubleVector a2 = DoubleVector.broadcast(LANES, a[ai + 2 * ar]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            DoubleVector a3 = DoubleVector.broadcast(LANES, a[ai + 3 * ar]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            ai += ak;
            bi += bk;
        }
        c00.intoArray(c, ci);
        c01.intoArray(c, ci + V);
        c10.intoArray(c, ci + cr);
        c11.intoArray(c, ci + cr + V);
        c20.intoArray(c, ci + 2 * cr);
        c21.intoArray(c, ci + 2 * cr + V);
        c30.intoArray(c, ci + 3 * cr);
        c31.intoArray(c, ci + 3 * cr + V);
    }

    static void tile4x1(
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        DoubleVector c00 = DoubleVector.fromArray(LANES, z, zi);
        DoubleVector c10 = DoubleVector.fromArray(LANES, z, zi + zr);
        DoubleVector c20 = DoubleVector.fromArray(LANES, z, zi + 2 * zr);
        DoubleVector c30 = DoubleVector.fromArray(LANES, z, zi + 3 * zr);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = DoubleVector.fromArray(LANES, b, bi);
            DoubleVector a0 = DoubleVector.broadcast(LANES, a[ai]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(LANES, a[ai + ar]);
            c10 = a1.fma(b0, c10);
            DoubleVector a2 = DoubleVector.broadcast(LANES, a[ai + 2 * ar]);
            c20 = a2.fma(b0, c20);
            DoubleVector a3 = DoubleVector.broadcast(LANES, a[ai + 3 * ar]);
            c30 = a3.fma(b0, c30);
            ai += ak;
            bi += bk;
        }
        c00.intoArray(c, ci);
        c10.intoArray(c, ci + cr);
        c20.intoArray(c, ci + 2 * cr);
        c30.intoArray(c, ci + 3 * cr);
    }

    static void tile2x3(
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        DoubleVector c00 = DoubleVector.fromArray(LANES, z, zi);
        DoubleVector c01 = DoubleVector.fromArray(LANES, z, zi + V);
        DoubleVector c02 = DoubleVector.fromArray(LANES, z, zi + 2 * V);
        DoubleVector c10 = DoubleVector.fromArray(LANES, z, zi + zr);
        DoubleVector c11 = DoubleVector.fromArray(LANES, z, zi + zr + V);
        DoubleVector c12 = DoubleVector.fromArray(LANES, z, zi + zr + 2 * V);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = DoubleVector.fromArray(LANES, b, bi);
            DoubleVector b1 = DoubleVector.fromArray(LANES, b, bi + V);
            DoubleVector b2 = DoubleVector.fromArray(LANES, b, bi + 2 * V);
            DoubleVector a0 = DoubleVector.broadcast(LANES, a[ai]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(LANES, a[ai + ar]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            ai += ak;
            bi += bk;
        }
        c00.intoArray(c, ci);
        c01.intoArray(c, ci + V);
        c02.intoArray(c, ci + 2 * V);
        c10.intoArray(c, ci + cr);
        c11.intoArray(c, ci + cr + V);
        c12.intoArray(c, ci + cr + 2 * V);
    }

    static void tile2x2(
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        DoubleVector c00 = DoubleVector.fromArray(LANES, z, zi);
        DoubleVector c01 = DoubleVector.fromArray(LANES, z, zi + V);
        DoubleVector c10 = DoubleVector.fromArray(LANES, z, zi + zr);
        DoubleVector c11 = DoubleVector.fromArray(LANES, z, zi + zr + V);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = DoubleVector.fromArray(LANES, b, bi);
            DoubleVector b1 = DoubleVector.fromArray(LANES, b, bi + V);
            DoubleVector a0 = DoubleVector.broadcast(LANES, a[ai]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            DoubleVector a1 = DoubleVector.broadcast(LANES, a[ai + ar]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            ai += ak;
            bi += bk;
        }
        c00.intoArray(c, ci);
        c01.intoArray(c, ci + V);
        c10.intoArray(c, ci + cr);
        c11.intoArray(c, ci + cr + V);
    }

    static void tile2x1(
            int inner,
            double[] a,
            int ai,
            int ar,
            int ak,
            double[] b,
            int bi,
            int bk,
            double[] z,
            int zi,
            int zr,
            double[] c,
            int ci,
            int cr) {
        DoubleVector c00 = DoubleVector.fromArray(LANES, z, zi);
        DoubleVector c10 = DoubleVector.fromArray(LANES, z, zi + zr);
        for (int k = 0; k < inner; k++) {
            DoubleVector b0 = DoubleVector.fromArray(LANES, b, bi);
            DoubleVector a0 = DoubleVector.broadcast(LANES, a[ai]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(LANES, a[ai + ar]);
            c10 = a1.fma(b0, c10);
            ai += ak;
            bi += bk;
        }
        c00.intoArray(c, ci);
        c10.intoArray(c, ci + cr);
    }
}
