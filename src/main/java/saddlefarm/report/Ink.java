package saddlefarm.report;

import java.util.List;
import java.util.stream.Stream;

/**
 * A colour by what it is for, so that a page can show it otherwise than a drawing that stands by itself: on dark.
 *
 * <p>Series have the colours of M. Okabe and K. Ito, <i>Color Universal Design</i> (2008), a little darker where they
 * were too light for lines; ordered series those of viridis (S. van der Walt, N. Smith, 2015) without its light end.
 * Both are told apart by people who see fewer colours.
 *
 * @param name in style sheets
 * @param light the colour on white
 * @param dark the colour on a dark page
 */
record Ink(String name, String light, String dark) {

    static final Ink PAPER = new Ink("paper", "#ffffff", "#16181d");
    static final Ink TEXT = new Ink("text", "#222222", "#d9dce3");
    static final Ink AXIS = new Ink("axis", "#555555", "#9aa0ac");
    static final Ink GRID = new Ink("grid", "#e9e9e9", "#2a2e37");
    static final Ink SHADE = new Ink("shade", "#e8eef7", "#232c3d");
    static final Ink CURVE = new Ink("curve", "#1f4e8c", "#7fb2f0");
    static final Ink MARK = new Ink("mark", "#c8502d", "#f28b66");
    static final Ink THEORY = new Ink("theory", "#8a3f8f", "#dc9be0");

    private static final List<Ink> SERIES = List.of(
            new Ink("series1", "#0067a5", "#6ab7f2"),
            new Ink("series2", "#d55e00", "#f59b4b"),
            new Ink("series3", "#00805c", "#41c79b"),
            new Ink("series4", "#b0578d", "#e29cc4"),
            new Ink("series5", "#9a7400", "#e3bf4f"),
            new Ink("series6", "#5b5b5b", "#aab0bb"));

    private static final List<Ink> RAMP = List.of(
            new Ink("ramp1", "#440154", "#c2df23"),
            new Ink("ramp2", "#46307e", "#86d549"),
            new Ink("ramp3", "#365c8d", "#52c569"),
            new Ink("ramp4", "#277f8e", "#2ab07f"),
            new Ink("ramp5", "#1fa187", "#1e9b8a"),
            new Ink("ramp6", "#3aae66", "#4a8ab5"),
            new Ink("ramp7", "#6aa92b", "#7d83c9"),
            new Ink("ramp8", "#a39a00", "#a98ad0"));

    /** The colour of a series that has its place by chance, from 0. */
    static Ink series(int index) {
        return SERIES.get(index % SERIES.size());
    }

    /** The colour of one of so many ordered series, from 0. */
    static Ink ordered(int index, int count) {
        return RAMP.get(count <= 1 ? 2 : (int) Math.round((double) index * (RAMP.size() - 1) / (count - 1)));
    }

    static List<Ink> all() {
        return Stream.of(Stream.of(PAPER, TEXT, AXIS, GRID, SHADE, CURVE, MARK, THEORY), SERIES.stream(), RAMP.stream())
                .flatMap(inks -> inks)
                .toList();
    }

    /** Attributes of a shape that is drawn with it. */
    String stroke() {
        return " class=\"s-%s\" stroke=\"%s\"".formatted(name, light);
    }

    /** Attributes of a shape that is filled with it. */
    String fill() {
        return " class=\"f-%s\" fill=\"%s\"".formatted(name, light);
    }
}
