package saddlefarm.report;

import java.util.List;

/** Which colour is which of several ordered series, below a plot; of many only some. */
final class Legend {

    private static final int MOST = 8;
    private static final double LINE = 17;
    private static final int LETTERS = 64;

    private final List<String> labels;
    private final int columns;

    /** @param labels in order; a single one needs no legend */
    Legend(List<String> labels) {
        this(labels, 2);
    }

    /**
     * Labels that say more than names, which are there for a single one too when they stand in one column.
     *
     * @param columns in which they stand; a label that is longer than its column is cut
     */
    Legend(List<String> labels, int columns) {
        this.labels = List.copyOf(labels);
        this.columns = columns;
    }

    double height() {
        return shown() == 0 ? 0 : Math.floorDiv(shown() + columns - 1, columns) * LINE + 8;
    }

    void draw(Svg svg, double top) {
        for (int i = 0; i < shown(); i++) {
            int series = (int) Math.round((double) i * (labels.size() - 1) / Math.max(1, shown() - 1));
            double x = Frame.LEFT + (i % columns) * (Frame.RIGHT - Frame.LEFT) / columns;
            double y = top + 8 + Math.floorDiv(i, columns) * LINE;
            svg.line(x, y - 4, x + 16, y - 4, Ink.ordered(series, labels.size()), " stroke-width=\"2.5\"");
            svg.text(x + 22, y, "start", shortened(labels.get(series)), "");
        }
    }

    private int shown() {
        return labels.size() < 2 && columns > 1 ? 0 : Math.min(MOST, labels.size());
    }

    private String shortened(String label) {
        int most = LETTERS / columns;
        return label.codePointCount(0, label.length()) <= most
                ? label
                : label.substring(0, label.offsetByCodePoints(0, most - 1)) + "…";
    }
}
