package saddlefarm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.linalg.RandomStream;

class ThinningTest {

    private static final int COLUMNS = 100;

    @Test
    void fewRowsStayAsTheyAre() {
        List<Snapshot> rows =
                IntStream.range(0, 2 * COLUMNS).mapToObj(i -> row(i, 1, 1)).toList();
        assertThat(Thinning.ofLoss(rows, COLUMNS)).isSameAs(rows);
    }

    @Test
    void aSpikeOfOneRowStaysHoweverManyRowsThereAre() {
        var rows = new ArrayList<Snapshot>();
        for (int i = 0; i < 20_000; i++) {
            rows.add(row(i, i == 12_345 ? 1.5 : 1 / (1.0 + i), i == 7_777 ? 0.1 : 1 + i));
        }
        List<Snapshot> drawn = Thinning.ofRun(rows, COLUMNS, 6);
        assertThat(drawn).contains(rows.get(0), rows.get(12_345), rows.get(7_777), rows.get(19_999));
        assertThat(Thinning.ofLoss(rows, COLUMNS)).contains(rows.get(12_345)).doesNotContain(rows.get(7_777));
        // Over steps, time and logarithmic time, two of a column at most for each of three curves.
        assertThat(drawn)
                .hasSizeLessThan(2 * 3 * 3 * COLUMNS)
                .isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
    }

    /** Whatever the loss does, every column of the plot over steps has its least and its greatest. */
    @Test
    void everyColumnKeepsItsExtremes() {
        RandomStream random = RandomStream.of(1, "losses");
        var rows = new ArrayList<Snapshot>();
        for (int i = 0; i <= 5_000; i++) {
            rows.add(row(i, Math.abs(random.nextGaussian()), 1));
        }
        List<Snapshot> drawn = Thinning.ofLoss(rows, COLUMNS);
        for (int column = 0; column < COLUMNS; column++) {
            int from = column * 50;
            assertThat(extremes(drawn, from)).as("column %d", column).isEqualTo(extremes(rows, from));
        }
    }

    private static List<Double> extremes(List<Snapshot> rows, int from) {
        double[] losses = rows.stream()
                .filter(row -> row.step() >= from && row.step() < from + 50)
                .mapToDouble(Snapshot::loss)
                .sorted()
                .toArray();
        return List.of(losses[0], losses[losses.length - 1]);
    }

    private static Snapshot row(int step, double loss, double sigma) {
        return new Snapshot(step, step / 10.0, loss, 1, 1, 0, new Spectra(new double[][] {{sigma}, {1}}));
    }
}
