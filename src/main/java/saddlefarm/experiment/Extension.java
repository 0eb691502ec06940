package saddlefarm.experiment;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * When a run is the beginning of another one, so that the longer can go on from what the shorter has reached. Both have
 * the same {@linkplain Specification#trajectory trajectory}, and the longer stops by nothing that the shorter would
 * have passed.
 */
public final class Extension {

    /** Limits that are reached when something has grown to them. */
    private static final List<String> GROWING =
            List.of("stop.max-steps", "stop.max-flow-time", "stop.after-escapes", "stop.rank");

    /** Limits that are reached when something has fallen to them. */
    private static final List<String> FALLING = List.of("stop.loss", "stop.gradient-norm");

    /**
     * Rules that ask the Hessian now and then. When they last asked is part of a run's state, and a run without the
     * rule does not know it.
     */
    private static final List<String> ASKING = List.of("stop.minimum", "stop.beyond-budget");

    private Extension() {}

    /**
     * Whether everything that a shorter run commits is of the longer one too, but for what is there because it ended.
     *
     * @param longer a specification
     * @param shorter another one
     */
    public static boolean of(String longer, String shorter) {
        SortedMap<String, String> later = Specification.entries(longer);
        SortedMap<String, String> earlier = Specification.entries(shorter);
        return Specification.trajectory(longer).equals(Specification.trajectory(shorter))
                && ASKING.stream().allMatch(rule -> limit(later, rule) == 0)
                && GROWING.stream()
                        .allMatch(key -> limit(later, key) == 0
                                || (limit(earlier, key) > 0 && limit(later, key) >= limit(earlier, key)))
                && FALLING.stream()
                        .allMatch(key -> limit(later, key) == 0
                                || (limit(earlier, key) > 0 && limit(later, key) <= limit(earlier, key)));
    }

    /** 0 where there is no such limit. */
    private static double limit(Map<String, String> entries, String key) {
        return Double.parseDouble(entries.getOrDefault(key, "0"));
    }
}
