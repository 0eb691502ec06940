package saddlefarm.detector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which detection is which rung. Two belong together if they have at least half of the shorter one in common, in
 * logarithmic time; where several do, those that share most, and each once.
 */
final class Matching {

    /** The origin begins here, since log 0 is no number. */
    private static final double BEGINNING = 1e-9;

    /** A detection and its rung. */
    record Pair(Rung rung, Detection detection) {

        private double shared() {
            return logLength(Math.max(rung.start(), detection.start()), Math.min(rung.end(), detection.end()));
        }

        private boolean fits() {
            double shorter =
                    Math.min(logLength(rung.start(), rung.end()), logLength(detection.start(), detection.end()));
            return shared() > 0 && shared() >= shorter / 2;
        }
    }

    private final List<Pair> pairs = new ArrayList<>();
    private final List<Rung> missed;
    private final List<Detection> strange;

    Matching(List<Rung> rungs, List<Detection> detections) {
        missed = new ArrayList<>(rungs);
        strange = new ArrayList<>(detections);
        List<Pair> possible = new ArrayList<>();
        for (Rung rung : rungs) {
            for (Detection detection : detections) {
                possible.add(new Pair(rung, detection));
            }
        }
        possible.sort(Comparator.comparingDouble(Pair::shared).reversed());
        Set<Object> taken = new HashSet<>();
        for (Pair pair : possible) {
            if (pair.fits() && !taken.contains(pair.rung) && !taken.contains(pair.detection)) {
                taken.addAll(List.of(pair.rung, pair.detection));
                pairs.add(pair);
                missed.remove(pair.rung);
                strange.remove(pair.detection);
            }
        }
    }

    /** Those that belong together. */
    List<Pair> pairs() {
        return pairs;
    }

    /** Rungs that were not found. */
    List<Rung> missed() {
        return missed;
    }

    /** Detections where there is no rung. */
    List<Detection> strange() {
        return strange;
    }

    private static double logLength(double start, double end) {
        return Math.log(Math.max(end, BEGINNING) / Math.max(start, BEGINNING));
    }
}
