package saddlefarm.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A grid of cells, coloured by a number each, with words in them where there is room. */
final class HeatMap {

    private static final int COLOURS = 8;
    private static final int MOST_WITH_WORDS = 12;
    private static final int MOST_LETTERS = 5;
    private static final double STRIP = 34;
    private static final double TOP = 12;

    /**
     * A cell.
     *
     * @param number that gives the colour; null for none
     * @param words at most two lines, short
     */
    record Cell(@Nullable Double number, List<String> words) {}

    /** Gives the cell of two values, as JSON text. */
    @FunctionalInterface
    interface Cells {
        Cell at(String xValue, String yValue);
    }

    private final SweepGrid grid;
    private final Axis colour;
    private final Cells cells;

    /** @param colour from the number of the first colour to that of the last; its positions are not used */
    HeatMap(SweepGrid grid, Axis colour, Cells cells) {
        this.grid = grid;
        this.colour = colour.between(0, COLOURS - 1);
        this.cells = cells;
    }

    String draw(String title) {
        var svg = new Svg(Frame.WIDTH, Frame.HEIGHT + STRIP, title);
        List<String> xs = grid.x().values();
        List<String> ys = grid.y().values();
        double width = (Frame.RIGHT - Frame.LEFT) / xs.size();
        double height = (Frame.BOTTOM - TOP) / ys.size();
        for (int column = 0; column < xs.size(); column++) {
            for (int row = 0; row < ys.size(); row++) {
                cell(
                        svg,
                        cells.at(xs.get(column), ys.get(row)),
                        Frame.LEFT + column * width,
                        Frame.BOTTOM - (row + 1) * height,
                        width,
                        height);
            }
        }
        for (int column = 0; column < xs.size(); column += stride(xs, MOST_WITH_WORDS)) {
            svg.text(
                    Frame.LEFT + (column + 0.5) * width,
                    Frame.BOTTOM + 15,
                    "middle",
                    Rounded.narrow(SweptKey.number(xs.get(column))),
                    "");
        }
        for (int row = 0; row < ys.size(); row += stride(ys, 2 * MOST_WITH_WORDS)) {
            svg.text(
                    Frame.LEFT - 6,
                    Frame.BOTTOM - (row + 0.5) * height + 4,
                    "end",
                    Rounded.narrow(SweptKey.number(ys.get(row))),
                    "");
        }
        double middle = (TOP + Frame.BOTTOM) / 2;
        svg.text(
                (Frame.LEFT + Frame.RIGHT) / 2,
                Frame.BOTTOM + 33,
                "middle",
                grid.x().key(),
                "");
        svg.text(
                13, middle, "middle", grid.y().key(), " transform=\"rotate(-90 13 %s)\"".formatted(Svg.number(middle)));
        strip(svg);
        return svg.end();
    }

    private void cell(Svg svg, Cell cell, double x, double y, double width, double height) {
        Double number = cell.number();
        Ink ink = number == null ? Ink.GRID : Ink.ordered((int) Math.round(colour.at(number)), COLOURS);
        svg.rectangle(x + 0.5, y + 0.5, width - 1, height - 1, ink);
        if (grid.x().values().size() > MOST_WITH_WORDS || grid.y().values().size() > MOST_WITH_WORDS) {
            return;
        }
        String fill = (number == null ? Ink.TEXT : Ink.PAPER).fill();
        for (int line = 0; line < cell.words().size(); line++) {
            double base = y + height / 2 + 4 + (line - (cell.words().size() - 1) / 2.0) * 13;
            String words = cell.words().get(line);
            int size = line > 0 ? 9 : words.length() > MOST_LETTERS ? 10 : 12;
            svg.text(x + width / 2, base, "middle", words, fill + " font-size=\"%d\"".formatted(size));
        }
    }

    /** The colours with the numbers of the first and the last. */
    private void strip(Svg svg) {
        double top = Frame.HEIGHT + 8;
        double left = (Frame.LEFT + Frame.RIGHT) / 2 - COLOURS * 10;
        for (int i = 0; i < COLOURS; i++) {
            svg.rectangle(left + i * 20, top, 20, 10, Ink.ordered(i, COLOURS));
        }
        svg.text(left - 6, top + 9, "end", Rounded.narrow(colour.least()), "");
        svg.text(left + COLOURS * 20 + 6, top + 9, "start", Rounded.narrow(colour.greatest()), "");
    }

    private static int stride(List<String> values, int most) {
        return (values.size() + most - 1) / most;
    }
}
