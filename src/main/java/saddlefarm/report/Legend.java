package saddlefarm.report;

import java.util.List;
import java.util.stream.IntStream;

/** Which colour is which of several ordered series, below a plot; of many only some. */
final class Legend {

    private static final int MOST = 8;
    private static final double LINE = 17;
    private static final int LETTERS = 66;

    private final List<String> labels;
    private final int columns;
    private final boolean alone;

    /** @param labels in order; a single one needs no legend */
    Legend(List<String> labels) {
        this(labels, 2);
    }

    /**
     * Labels that say more than names, which are there for a single one too when they stand in one column.
     *
     * @param columns in which they stand: one where a label is longer than its column
     */
    Legend(List<String> labels, int columns) {
        this.labels = List.copyOf(labels);
        boolean narrow = labels.stream().allMatch(label -> length(label) <= LETTERS / columns);
        this.columns = narrow ? columns : 1;
        alone = columns == 1;
    }

    double height() {
        return shown() == 0 ? 0 : rows(shown()) * LINE + 8;
    }

    void draw(Svg svg, double top) {
        for (int i = 0; i < shown(); i++) {
            double x = Frame.LEFT + (i % columns) * (Frame.RIGHT - Frame.LEFT) / columns;
            double y = top + 8 + rows(i - i % columns) * LINE;
            svg.line(x, y - 4, x + 16, y - 4, Ink.ordered(series(i), labels.size()), " stroke-width=\"2.5\"");
            for (String line : lines(labels.get(series(i)))) {
                svg.text(x + 22, y, "start", line, "");
                y += LINE;
            }
        }
    }

    /** Which series is the one that is shown there. */
    private int series(int index) {
        return (int) Math.round((double) index * (labels.size() - 1) / Math.max(1, shown() - 1));
    }

    /** How many rows there are of so many of the labels that are shown. */
    private int rows(int count) {
        return columns > 1
                ? Math.floorDiv(count + columns - 1, columns)
                : IntStream.range(0, count)
                        .map(i -> lines(labels.get(series(i))).size())
                        .sum();
    }

    private int shown() {
        return labels.size() < 2 && !alone ? 0 : Math.min(MOST, labels.size());
    }

    /** A label in one line, or in two of which the second is cut where it is too long. */
    private static List<String> lines(String label) {
        if (length(label) <= LETTERS) {
            return List.of(label);
        }
        int end = label.lastIndexOf(", ", label.offsetByCodePoints(0, LETTERS - 1));
        int split = end < 0 ? label.offsetByCodePoints(0, LETTERS) : end + 2;
        return List.of(label.substring(0, split).strip(), shortened(label.substring(split)));
    }

    private static String shortened(String label) {
        return length(label) <= LETTERS ? label : label.substring(0, label.offsetByCodePoints(0, LETTERS - 1)) + "…";
    }

    private static int length(String label) {
        return label.codePointCount(0, label.length());
    }
}
