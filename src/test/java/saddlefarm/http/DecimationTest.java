package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Snapshot;

class DecimationTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 9, 10})
    void fewRowsAreLeftAsTheyAre(int count) {
        List<Snapshot> rows = noise(count, 1);
        assertThat(thin(rows, 0, 10)).isEqualTo(rows);
    }

    /**
     * The promise of a drawing: no peak of the loss or of the gradient is missing, and it begins and ends as it does.
     */
    @ParameterizedTest
    @CsvSource({"11, 10", "12, 10", "100, 10", "1000, 10", "12345, 10", "999, 100", "5000, 1000", "4097, 17"})
    void whatIsLeftOutIsNoExtreme(int count, int points) {
        for (long seed = 0; seed < 5; seed++) {
            List<Snapshot> rows = noise(count, seed);
            List<Snapshot> kept = thin(rows, 0, points);
            assertThat(kept)
                    .as("seed %d", seed)
                    .hasSizeBetween(points / 4, points)
                    .isSubsetOf(rows)
                    .isSortedAccordingTo(Comparator.comparingLong(Snapshot::step))
                    .doesNotHaveDuplicates()
                    .startsWith(rows.get(0))
                    .endsWith(rows.get(count - 1));
            assertThat(kept.stream()
                            .mapToDouble(Snapshot::loss)
                            .summaryStatistics()
                            .getMin())
                    .isEqualTo(rows.stream().mapToDouble(Snapshot::loss).min().orElseThrow());
            assertThat(kept.stream()
                            .mapToDouble(Snapshot::loss)
                            .summaryStatistics()
                            .getMax())
                    .isEqualTo(rows.stream().mapToDouble(Snapshot::loss).max().orElseThrow());
            assertThat(kept.stream().mapToDouble(Snapshot::gradientNorm).max())
                    .isEqualTo(rows.stream().mapToDouble(Snapshot::gradientNorm).max());
        }
    }

    /** A spike anywhere, one row wide: also where rows before and after it are long gone. */
    @Test
    void aPeakOfOneRowIsKeptWhereverItIs() {
        for (int at = 0; at < 400; at++) {
            int peak = at;
            List<Snapshot> rows = LongStream.range(0, 400)
                    .mapToObj(step -> row(step, step == peak ? 5 : 1, step == peak + 1 ? 7 : 1))
                    .toList();
            List<Snapshot> kept = thin(rows, 0, 40);
            assertThat(kept).contains(rows.get(peak), rows.get(Math.min(399, peak + 1)));
        }
    }

    @Test
    void rowsBeforeTheFirstThatIsWantedTakeNoPlace() {
        List<Snapshot> rows = noise(1000, 3);
        assertThat(thin(rows, 990, 10)).isEqualTo(rows.subList(990, 1000));
    }

    private static List<Snapshot> thin(List<Snapshot> rows, long from, int points) {
        var decimation = new Decimation(from, points);
        rows.forEach(decimation);
        return decimation.rows();
    }

    private static List<Snapshot> noise(int count, long seed) {
        var random = new Random(seed);
        var rows = new ArrayList<Snapshot>();
        for (int step = 0; step < count; step++) {
            rows.add(row(step, random.nextDouble(), random.nextDouble()));
        }
        return rows;
    }

    private static Snapshot row(long step, double loss, double gradientNorm) {
        return new Snapshot(step, step * 0.5, loss, gradientNorm, 1, 1, TestRuns.spectra(1));
    }
}
