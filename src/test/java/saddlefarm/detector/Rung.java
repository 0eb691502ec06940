package saddlefarm.detector;

/**
 * A true plateau: a stretch of a run during which its first modes were learned and none of the others was.
 *
 * @param rank how many were learned
 * @param start flow time at which it began
 * @param end flow time at which another mode passed its threshold; of a rung that is open, of the last state
 * @param half flow time at which another mode came to be half learned; infinite unless it was left
 * @param fate what became of it
 */
record Rung(int rank, double start, double end, double half, Fate fate) {

    /** A tenth of a decade of time: what is shorter is hard to see on a logarithmic axis of time. */
    static final double VISIBLE = Math.pow(10, 0.1);

    /** What became of a rung by the end of its run. */
    enum Fate {
        /** Another mode came to be half learned. */
        LEFT,
        /** Another mode passed its threshold, but none had come halfway. */
        LEAVING,
        /** No other mode had passed its threshold. */
        OPEN
    }

    /** By which factor time grew while it lasted; infinite for the origin. */
    double length() {
        return end / start;
    }

    /**
     * Whether the detector has to find it: it was left, can be seen, and lasted no shorter than the next mode took from
     * its threshold to its half. (By that alone the start of a network of large weights is no plateau, although log t
     * begins at minus infinity.)
     */
    boolean counts() {
        return fate == Fate.LEFT && length() >= VISIBLE && end - start >= half - end;
    }

    @Override
    public String toString() {
        return "rung %d, t = %.4g to %.4g (× %.3g), %s".formatted(rank, start, end, length(), fate);
    }
}
