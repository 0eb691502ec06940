package saddlefarm.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part for which something has not happened yet, as a function of time, estimated from observations of which some
 * ended before it did (E. L. Kaplan, P. Meier, <i>Nonparametric estimation from incomplete observations</i>, 1958): the
 * product of 1 − d/n over the times until then at which it happened, d times among n that were still watched. Where an
 * observation ends at a time at which it happens to others, it counts as watched at that time.
 *
 * <p>It supposes that an observation does not end because of what is waited for, as it does not with the same budget
 * for all.
 *
 * @param steps where the estimate falls, in order of time
 * @param observations how many there were
 * @param end the greatest time of any; 0 if there were none
 */
public record KaplanMeier(List<Step> steps, int observations, double end) {

    /** 1 − .8 is not .2: quantiles compare parts that are products of rounded ones. */
    private static final double ROUNDING = 1e-12;

    /** The normal distribution has a part of .975 below it. */
    private static final double NORMAL = 1.959963984540054;

    /**
     * A fall of the estimate.
     *
     * @param time at which it falls
     * @param watched n, those for which it had not happened and whose observation had not ended before
     * @param happened d ≥ 1
     * @param remaining the estimate S from this time on, in [0, 1)
     * @param variance of ln S: the sum of d/(n(n − d)) until this time (M. Greenwood, <i>The natural duration of
     *     cancer</i>, 1926); infinite where S is 0
     */
    public record Step(double time, int watched, int happened, double remaining, double variance) {

        /**
         * The 95% interval of S at a time, {@code S^exp(±z √variance / ln S)} with z = Φ⁻¹(.975): that of ln(−ln S),
         * which is about normal also in small samples, so that its ends stay within [0, 1] (J. D. Kalbfleisch, R. L.
         * Prentice, <i>The Statistical Analysis of Failure Time Data</i>, 1980).
         *
         * @return null where S is 0: nothing is left that could vary
         */
        public @Nullable Interval interval() {
            if (remaining == 0) {
                return null;
            }
            double factor = StrictMath.exp(NORMAL * Math.sqrt(variance) / -StrictMath.log(remaining));
            return new Interval(StrictMath.pow(remaining, factor), StrictMath.pow(remaining, 1 / factor));
        }
    }

    public KaplanMeier {
        steps = List.copyOf(steps);
    }

    /** The estimate from observations in any order. */
    public static KaplanMeier of(List<Observation> observations) {
        List<Observation> sorted = observations.stream()
                .sorted(Comparator.comparingDouble(Observation::time))
                .toList();
        var steps = new ArrayList<Step>();
        double remaining = 1;
        double variance = 0;
        int next = 0;
        while (next < sorted.size()) {
            double time = sorted.get(next).time();
            int watched = sorted.size() - next;
            int happened = 0;
            for (; next < sorted.size() && sorted.get(next).time() == time; next++) {
                happened += sorted.get(next).happened() ? 1 : 0;
            }
            if (happened > 0) {
                remaining *= (double) (watched - happened) / watched;
                variance += (double) happened / ((double) watched * (watched - happened));
                steps.add(new Step(time, watched, happened, remaining, variance));
            }
        }
        return new KaplanMeier(
                steps,
                sorted.size(),
                sorted.isEmpty() ? 0 : sorted.get(next - 1).time());
    }

    /** The part for which it has not happened at a time ≥ 0, that time included. */
    public double remaining(double time) {
        double remaining = 1;
        for (Step step : steps) {
            if (step.time() > time) {
                break;
            }
            remaining = step.remaining();
        }
        return remaining;
    }

    /**
     * The first time at which it has happened for this part.
     *
     * @param part in (0, 1]
     * @return null if it was not reached
     */
    public @Nullable Double quantile(double part) {
        for (Step step : steps) {
            if (step.remaining() <= 1 - part + ROUNDING) {
                return step.time();
            }
        }
        return null;
    }

    /** The first time at which it has happened for half; null if it was not reached. */
    public @Nullable Double median() {
        return quantile(0.5);
    }

    /** For how many it happened. */
    public int happened() {
        return steps.stream().mapToInt(Step::happened).sum();
    }
}
