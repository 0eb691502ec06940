package saddlefarm.detector;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import saddlefarm.detector.Rung.Fate;

/**
 * Tells the true plateaus of one run from what its network has learned of each mode: it knows neither gradient nor
 * detector nor spectra of weights.
 *
 * <p>With a tolerance ε, normally a tenth, a state is on rung k if of the first k modes at least 1 − ε is learned, of
 * no other more than ε in size, and the loss is at most 1 + ε times the least of rank k. A stretch on rung k is a true
 * plateau; an interruption after which the run is on the same rung again does not end it. Where all modes are learned
 * there is no rung: that is the end of the ladder.
 */
final class Labels {

    private static final int NOWHERE = -1;

    private final Modes modes;
    private final double tolerance;
    private final List<Rung> rungs = new ArrayList<>();
    private int rank = NOWHERE;
    private double start;
    private double now;
    private double[] learned = {};

    Labels(Modes modes, double tolerance) {
        this.modes = modes;
        this.tolerance = tolerance;
    }

    /** Takes in the next state. */
    void see(double flowTime, double loss, double[] learned) {
        now = flowTime;
        this.learned = learned;
        int next = rung(loss);
        if (next != rank) {
            end(Fate.LEAVING);
            begin(next);
        }
        rungs.replaceAll(
                rung -> leftNow(rung) ? new Rung(rung.rank(), rung.start(), rung.end(), now, Fate.LEFT) : rung);
    }

    /** What there was until the last state. Use these labels no more afterwards. */
    List<Rung> rungs() {
        end(Fate.OPEN);
        return List.copyOf(rungs);
    }

    /** How many modes are at least half learned at the last state. */
    int learned() {
        int count = 0;
        for (double part : learned) {
            count += part >= 0.5 ? 1 : 0;
        }
        return count;
    }

    private int rung(double loss) {
        int k = 0;
        while (k < learned.length && learned[k] >= 1 - tolerance) {
            k++;
        }
        for (int j = k; j < learned.length; j++) {
            if (Math.abs(learned[j]) > tolerance) {
                return NOWHERE;
            }
        }
        return k == learned.length || loss > (1 + tolerance) * modes.level(k) ? NOWHERE : k;
    }

    private void begin(int next) {
        rank = next;
        start = now;
        @Nullable Rung last = rungs.isEmpty() ? null : rungs.get(rungs.size() - 1);
        if (last != null && last.rank() == next) {
            start = last.start();
            rungs.remove(last);
        }
    }

    private void end(Fate fate) {
        if (rank != NOWHERE) {
            rungs.add(new Rung(rank, start, now, Double.POSITIVE_INFINITY, fate));
        }
        rank = NOWHERE;
    }

    private boolean leftNow(Rung rung) {
        if (rung.fate() == Fate.LEFT) {
            return false;
        }
        for (int j = rung.rank(); j < learned.length; j++) {
            if (learned[j] >= 0.5) {
                return true;
            }
        }
        return false;
    }
}
