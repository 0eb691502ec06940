package saddlefarm.run;

/**
 * What was found in some run, with its place in the order in which the findings of all runs became known.
 *
 * @param sequence from 1, with gaps; greater than that of every finding that was stored before
 * @param run id
 * @param experiment of that run
 */
public record StoredFinding(long sequence, String run, String experiment, Found found) {

    /** A plateau or a transition of a run. */
    public sealed interface Found permits StoredPlateau, StoredTransition {

        /** Its place in its run, from 0: plateau k is at 2k, and transition k, which leads to it, at 2k − 1. */
        int place();
    }

    /** What it is called; stays the same when it comes again. */
    public String id() {
        return id(run, found);
    }

    /** What a finding of a run is called. */
    public static String id(String run, Found found) {
        return "%s:%d".formatted(run, found.place());
    }
}
