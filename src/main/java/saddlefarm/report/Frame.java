package saddlefarm.report;

/**
 * Where the plot of a figure lies: as wide as two make a page, with letters that can be read in a column of a paper.
 */
final class Frame {

    static final double WIDTH = 486;
    static final double HEIGHT = 300;
    static final double LEFT = 58;
    static final double RIGHT = WIDTH - 18; // half a number at the end of an axis
    static final double TOP = 24;
    static final double BOTTOM = HEIGHT - 42;

    private Frame() {}
}
