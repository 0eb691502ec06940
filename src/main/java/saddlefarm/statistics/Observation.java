package saddlefarm.statistics;

/**
 * How long something was watched, and whether what was waited for then happened. If not, its time is known to be
 * longer, and no more: it is censored on the right.
 *
 * @param time at least 0, in any unit
 * @param happened at that time; false if the watching ended before
 */
public record Observation(double time, boolean happened) {

    public Observation {
        if (!(time >= 0) || Double.isInfinite(time)) {
            throw new IllegalArgumentException("a time is at least 0 and finite, not " + time);
        }
    }

    /** Of what happened at a time. */
    public static Observation at(double time) {
        return new Observation(time, true);
    }

    /** Of what had not happened when the watching ended. */
    public static Observation after(double time) {
        return new Observation(time, false);
    }
}
