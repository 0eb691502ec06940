package saddlefarm.theory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What all restarts of an {@link EscapeSearch} have found together.
 *
 * @param restarts how many there were
 * @param best the fastest direction, of equals the first
 * @param levels the speeds at which restarts ended, descending, at least one; restarts that found nothing are in none
 */
public record EscapeFindings(int restarts, EscapeDirection best, List<SpeedLevel> levels) {

    /** Speeds that differ relatively by no more than this are one. */
    public static final double AGREEMENT = 1e-3;

    /** So many restarts must agree on the best speed before it counts as the optimal one. */
    public static final int NEEDED = 3;

    public EscapeFindings {
        levels = List.copyOf(levels);
    }

    /**
     * What the ends of the restarts amount to.
     *
     * @param ends in the order of the restarts, whatever the order in which they were reached
     * @return empty if none has found a direction
     */
    public static Optional<EscapeFindings> of(List<Optional<EscapeDirection>> ends) {
        List<EscapeDirection> found = ends.stream().flatMap(Optional::stream).toList();
        return found.stream()
                .reduce((a, b) -> b.speed() > a.speed() ? b : a)
                .map(best -> new EscapeFindings(ends.size(), best, levels(found)));
    }

    /** How many restarts ended within {@link #AGREEMENT} of the best speed, the best one included. */
    public int reachedBest() {
        return levels.get(0).restarts();
    }

    /** Whether σ_1/σ_2 ≥ ℓ^{1/4} in the best direction, if it can be taken for optimal. */
    public EscapeVerdict verdict() {
        if (best.residual() > EscapeSearch.STATIONARY) {
            return new EscapeVerdict.NotStationary(best.residual(), EscapeSearch.STATIONARY);
        }
        if (reachedBest() < NEEDED) {
            return new EscapeVerdict.TooFewAgree(reachedBest(), NEEDED);
        }
        return best.layers().stream()
                .filter(layer -> !layer.withinBound())
                .findFirst()
                .<EscapeVerdict>map(layer -> new EscapeVerdict.Violated(layer.layer()))
                .orElseGet(EscapeVerdict.Holds::new);
    }

    private static List<SpeedLevel> levels(List<EscapeDirection> found) {
        var levels = new ArrayList<SpeedLevel>();
        found.stream()
                .map(EscapeDirection::speed)
                .sorted(Comparator.reverseOrder())
                .forEach(speed -> {
                    int last = levels.size() - 1;
                    if (last >= 0 && speed >= levels.get(last).speed() * (1 - AGREEMENT)) {
                        SpeedLevel level = levels.get(last);
                        levels.set(last, new SpeedLevel(level.speed(), level.restarts() + 1));
                    } else {
                        levels.add(new SpeedLevel(speed, 1));
                    }
                });
        return levels;
    }
}
