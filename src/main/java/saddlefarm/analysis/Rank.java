package saddlefarm.analysis;

import java.util.List;
import java.util.stream.IntStream;

/** The numerical rank of a network that grows from small weights, relative to where it started. */
public final class Rank {

    /** A layer whose largest singular value has grown by less than this factor has learned nothing yet. */
    static final double GROWTH = 1.25;

    /** Singular values below this part of the initial largest one are initial noise. */
    static final double INITIAL_FLOOR = 0.7;

    /** Singular values below this part of the current largest one are not told apart. */
    static final double CURRENT_FLOOR = 0.05;

    private Rank() {}

    /** The rank of every layer. */
    public static List<Integer> ofLayers(Spectra spectra, Spectra initial) {
        return IntStream.rangeClosed(1, spectra.depth())
                .map(layer -> ofLayer(spectra, initial, layer))
                .boxed()
                .toList();
    }

    /** The rank of a run: the median over its layers, for an even number of layers the lower middle one. */
    public static int ofRun(List<Integer> layerRanks) {
        return layerRanks.stream().sorted().toList().get((layerRanks.size() - 1) / 2);
    }

    /**
     * The position of the largest ratio σ_i/σ_{i+1} once every value is raised to a floor, where the value after the
     * last one is the floor itself; 0 while σ_1 has not grown.
     */
    static int ofLayer(Spectra spectra, Spectra initial, int layer) {
        double largest = spectra.value(layer, 1);
        double initialLargest = initial.value(layer, 1);
        if (largest < GROWTH * initialLargest) {
            return 0;
        }
        double floor = Math.max(INITIAL_FLOOR * initialLargest, CURRENT_FLOOR * largest);
        int count = spectra.count(layer);
        int rank = 0;
        double widest = 0;
        for (int i = 1; i <= count; i++) {
            double upper = Math.max(spectra.value(layer, i), floor);
            double lower = i < count ? Math.max(spectra.value(layer, i + 1), floor) : floor;
            if (upper / lower > widest) {
                widest = upper / lower;
                rank = i;
            }
        }
        return rank;
    }
}
