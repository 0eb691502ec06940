package saddlefarm.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import saddlefarm.linalg.RandomStream;

/**
 * Handwritten digits of 8 × 8 pixels (E. Alpaydin, C. Kaynak, <i>Optical Recognition of Handwritten Digits</i>, UCI,
 * 1998).
 */
public final class Digits {

    /** How many there are. */
    public static final int SIZE = 1797;

    private static final int PIXELS = 64;
    private static final int CLASSES = 10;

    private Digits() {}

    /**
     * The first samples of a random order: pixels/16, centred per pixel over the samples.
     *
     * @param samples N, from 1 to {@link #SIZE}
     */
    public static Task task(int samples, RandomStream random, Targets targets) {
        if (samples < 1 || samples > SIZE) {
            throw new DataException("there are 1 to %d digits but %d were asked for".formatted(SIZE, samples));
        }
        int[][] all = bundled();
        int[] order = random.permutation(SIZE);
        int[][] chosen = new int[samples][];
        for (int n = 0; n < samples; n++) {
            chosen[n] = all[order[n]];
        }
        return task(chosen, targets);
    }

    /** @param rows 64 pixels from 0 to 16, then the digit */
    static Task task(int[][] rows, Targets targets) {
        var pixels = new DMatrixRMaj(rows.length, PIXELS);
        int[] labels = new int[rows.length];
        for (int n = 0; n < rows.length; n++) {
            for (int j = 0; j < PIXELS; j++) {
                pixels.set(n, j, rows[n][j] / 16.0);
            }
            labels[n] = rows[n][PIXELS];
        }
        return Labelled.task(pixels, labels, CLASSES, targets);
    }

    private static int[][] bundled() {
        try (var in = Objects.requireNonNull(Digits.class.getResourceAsStream("digits.csv.gz"), "the bundled digits");
                var reader = new BufferedReader(
                        new InputStreamReader(Streams.plain(in, "the bundled digits"), StandardCharsets.US_ASCII))) {
            return reader.lines().map(Digits::row).toArray(int[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] row(String line) {
        String[] values = line.split(",", -1);
        int[] row = new int[PIXELS + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = Integer.parseInt(values[j]);
        }
        return row;
    }
}
