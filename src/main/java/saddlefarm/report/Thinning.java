package saddlefarm.report;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import saddlefarm.analysis.Snapshot;

/**
 * Fewer rows that look the same: of each narrow column of a plot, whichever axis it has, the rows where a curve is
 * least and where it is greatest.
 */
final class Thinning {

    private Thinning() {}

    /** The rows for a drawing of one run: the loss and, of every layer, the greatest and the least value are kept. */
    static List<Snapshot> ofRun(List<Snapshot> rows, int columns, int values) {
        var curves = new ArrayList<ToDoubleFunction<Snapshot>>();
        curves.add(Snapshot::loss);
        if (!rows.isEmpty()) {
            for (int layer = 1; layer <= rows.get(0).spectra().depth(); layer++) {
                int ofLayer = layer;
                int last = Math.min(values, rows.get(0).spectra().count(layer));
                curves.add(row -> row.spectra().value(ofLayer, 1));
                curves.add(row -> row.spectra().value(ofLayer, last));
            }
        }
        return of(rows, columns, curves);
    }

    /** The rows for a drawing of the loss. */
    static List<Snapshot> ofLoss(List<Snapshot> rows, int columns) {
        return of(rows, columns, List.of(Snapshot::loss));
    }

    private static List<Snapshot> of(
            List<Snapshot> rows, int columns, List<? extends ToDoubleFunction<Snapshot>> curves) {
        if (rows.size() <= 2 * columns) {
            return rows;
        }
        var kept = new BitSet(rows.size());
        kept.set(0);
        kept.set(rows.size() - 1);
        for (TimeAxis time : TimeAxis.values()) {
            Axis axis = time.over(rows, 0, columns);
            int[] column = rows.stream()
                    .mapToInt(row -> (int) Math.min(columns - 1.0, axis.at(time.of(row))))
                    .toArray();
            curves.forEach(curve -> keepExtremes(rows, column, curve, kept));
        }
        return kept.stream().mapToObj(rows::get).toList();
    }

    private static void keepExtremes(List<Snapshot> rows, int[] column, ToDoubleFunction<Snapshot> curve, BitSet kept) {
        double[] values = rows.stream().mapToDouble(curve).toArray();
        int start = 0;
        for (int end = 1; end <= column.length; end++) {
            if (end == column.length || column[end] != column[start]) {
                int least = start;
                int greatest = start;
                for (int i : IntStream.range(start, end).toArray()) {
                    least = values[i] < values[least] ? i : least;
                    greatest = values[i] > values[greatest] ? i : greatest;
                }
                kept.set(least);
                kept.set(greatest);
                start = end;
            }
        }
    }
}
