package saddlefarm.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import saddlefarm.linalg.RandomStream;

/**
 * Percentile intervals of any statistic of a sample, by drawing samples from the sample (B. Efron, <i>Bootstrap
 * methods: another look at the jackknife</i>, 1979). The draws are a function of the seed. What belongs together, such
 * as all runs of one seed, is drawn together when it is one item of the sample.
 *
 * <p>The intervals of small samples are too short: that of a mean is about the normal one, with the sum of squares over
 * n and not n − 1.
 *
 * @param resamples how many samples are drawn, at least 1
 * @param level the part that an interval is to hold, in (0, 1)
 * @param seed of the draws
 */
public record Bootstrap(int resamples, double level, long seed) {

    public Bootstrap {
        if (resamples < 1 || !(level > 0 && level < 1)) {
            throw new IllegalArgumentException("no bootstrap of %d samples at %s".formatted(resamples, level));
        }
    }

    /**
     * The interval of a statistic.
     *
     * @param sample at least one item
     * @param statistic of a sample as large as this, whose items may come several times; ∞ is a value like others, and
     *     NaN if there is none
     * @return empty if some drawn sample had no value
     */
    public <T> Optional<Interval> interval(List<T> sample, ToDoubleFunction<List<T>> statistic) {
        var random = RandomStream.of(seed, "bootstrap");
        double[] values = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            List<T> drawn = IntStream.range(0, sample.size())
                    .mapToObj(item -> sample.get(random.nextInt(sample.size())))
                    .toList();
            values[i] = statistic.applyAsDouble(drawn);
            if (Double.isNaN(values[i])) {
                return Optional.empty();
            }
        }
        Arrays.sort(values);
        double tail = (1 - level) / 2;
        return Optional.of(new Interval(values[rank(tail)], values[resamples - 1 - rank(tail)]));
    }

    /** The position of a quantile so that as many values are below the one as are above the other. */
    private int rank(double part) {
        return (int) Math.floor(part * resamples);
    }
}
