package saddlefarm.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Snapshot;

/**
 * Fewer rows of a run that look the same: of each bucket of consecutive rows the first, those of least and of greatest
 * loss, and that of greatest gradient; and the last row of all. Buckets are of one size, a power of two, and begin as
 * single rows: nothing is left out as long as there are few enough. However many rows come, no more are held than are
 * wanted.
 */
final class Decimation implements Consumer<Snapshot> {

    private static final Comparator<Snapshot> BY_STEP = Comparator.comparingLong(Snapshot::step);
    private static final Comparator<Snapshot> BY_LOSS = Comparator.comparingDouble(Snapshot::loss);
    private static final Comparator<Snapshot> BY_GRADIENT = Comparator.comparingDouble(Snapshot::gradientNorm);

    private final long from;
    private final int points;
    private List<List<Snapshot>> buckets = new ArrayList<>();
    private int bucketSize = 1;
    private int inLast = 1;
    private int kept;
    private @Nullable Snapshot last;

    /**
     * @param from least step of a row
     * @param points rows that are kept at most, at least 5
     */
    Decimation(long from, int points) {
        this.from = from;
        this.points = points;
    }

    /** Takes the next row. */
    @Override
    public void accept(Snapshot row) {
        if (row.step() < from) {
            return;
        }
        last = row;
        if (inLast < bucketSize) {
            int end = buckets.size() - 1;
            replace(end, extremes(buckets.get(end), List.of(row)));
            inLast++;
        } else {
            buckets.add(List.of(row));
            kept++;
            inLast = 1;
        }
        // One place is for the last row, unless its bucket keeps it anyway.
        while (kept + (bucketSize > 1 ? 1 : 0) > points) {
            mergePairs();
        }
    }

    /** The rows that are kept, in order. */
    List<Snapshot> rows() {
        List<Snapshot> rows = new ArrayList<>();
        buckets.forEach(rows::addAll);
        if (last != null && !rows.contains(last)) {
            rows.add(last);
        }
        return rows;
    }

    private void mergePairs() {
        List<List<Snapshot>> merged = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i += 2) {
            merged.add(i + 1 < buckets.size() ? extremes(buckets.get(i), buckets.get(i + 1)) : buckets.get(i));
        }
        inLast += buckets.size() % 2 == 0 ? bucketSize : 0;
        bucketSize *= 2;
        buckets = merged;
        kept = buckets.stream().mapToInt(List::size).sum();
    }

    private void replace(int bucket, List<Snapshot> rows) {
        kept += rows.size() - buckets.get(bucket).size();
        buckets.set(bucket, rows);
    }

    /** Of neighbouring rows, each the extremes of a bucket, those of the bucket of both. */
    private static List<Snapshot> extremes(List<Snapshot> earlier, List<Snapshot> later) {
        List<Snapshot> all = Stream.of(earlier, later).flatMap(List::stream).toList();
        return Stream.of(
                        all.get(0),
                        Collections.min(all, BY_LOSS),
                        Collections.max(all, BY_LOSS),
                        Collections.max(all, BY_GRADIENT))
                .distinct()
                .sorted(BY_STEP)
                .toList();
    }
}
