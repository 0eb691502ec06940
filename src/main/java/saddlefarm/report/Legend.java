package saddlefarm.report;

import java.util.List;

/** Which colour is which of several ordered series, below a plot, two in a line; of many only some. */
final class Legend {

    private static final int MOST = 8;
    private static final double LINE = 17;
    private static final double COLUMN = (Frame.RIGHT - Frame.LEFT) / 2;
    private static final int MOST_LETTERS = 30;

    private final List<String> labels;

    /** @param labels in order; a single one needs no legend */
    Legend(List<String> labels) {
        this.labels = List.copyOf(labels);
    }

    double height() {
        return shown() == 0 ? 0 : Math.ceil(shown() / 2.0) * LINE + 8;
    }

    void draw(Svg svg, double top) {
        for (int i = 0; i < shown(); i++) {
            int series = (int) Math.round((double) i * (labels.size() - 1) / (shown() - 1));
            double x = Frame.LEFT + (i % 2) * COLUMN;
            double y = top + 8 + Math.floorDiv(i, 2) * LINE;
            svg.line(x, y - 4, x + 16, y - 4, Ink.ordered(series, labels.size()), " stroke-width=\"2.5\"");
            svg.text(x + 22, y, "start", shortened(labels.get(series)), "");
        }
    }

    private int shown() {
        return labels.size() < 2 ? 0 : Math.min(MOST, labels.size());
    }

    private static String shortened(String label) {
        return label.codePointCount(0, label.length()) <= MOST_LETTERS
                ? label
                : label.substring(0, label.offsetByCodePoints(0, MOST_LETTERS - 1)) + "…";
    }
}
