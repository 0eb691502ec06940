package saddlefarm.detector;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import saddlefarm.detector.Rung.Fate;

/**
 * What the detector made of some runs. Each detection is one of three: right, when it is a rung that was left; false,
 * when it is none or one that was never left; or neither, when it is a rung that need not be found. Each rung that
 * {@linkplain Rung#counts() counts} is found or missed.
 */
final class Score {

    private int runs;
    private int right;
    private int wrong;
    private int found;
    private int missed;
    private int faintFound;
    private int faintMissed;
    private int rightTransitions;
    private int allTransitions;
    private final List<Double> begins = new ArrayList<>();
    private final List<Double> ends = new ArrayList<>();
    private final List<Double> confirmations = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();

    /** The score of some runs by the labels of one tolerance of {@link LabelledRun#TOLERANCES}. */
    static Score of(Collection<LabelledRun> runs, int tolerance) {
        var score = new Score();
        runs.forEach(run -> score.add(run, run.rungs().get(tolerance)));
        return score;
    }

    /** Of the runs that met their criterion at a loss of no more than this, those that ended at a minimum. */
    static Interval minima(Collection<LabelledRun> runs, double loss) {
        List<LabelledRun> arrived =
                runs.stream().filter(run -> run.arrived(loss)).toList();
        return new Interval(
                (int) arrived.stream().filter(LabelledRun::atMinimum).count(), arrived.size());
    }

    int runs() {
        return runs;
    }

    /** Of the detections that are right or false, the right ones. */
    Interval precision() {
        return new Interval(right, right + wrong);
    }

    /** Of the rungs that count, the ones that were found. */
    Interval recall() {
        return new Interval(found, found + missed);
    }

    /** Of the transitions away from the detections that are right or false, those between the right ranks. */
    Interval transitionPrecision() {
        return new Interval(rightTransitions, right + wrong);
    }

    /** Of the transitions away from the rungs that count, those that were found and between the right ranks. */
    Interval transitionRecall() {
        return new Interval(rightTransitions, allTransitions);
    }

    /** Of the rungs that were left but do not count, the ones that were found. */
    Interval faint() {
        return new Interval(faintFound, faintFound + faintMissed);
    }

    /**
     * How much later than a rung its detection began, in parts of the time until then; the origin is not among them.
     */
    Quantiles begins() {
        return new Quantiles(begins);
    }

    /** How much later than a rung its detection ended, in parts of the time until then. */
    Quantiles ends() {
        return new Quantiles(ends);
    }

    /** How much later than the end of a rung the product said so, in parts of the time until then. */
    Quantiles confirmations() {
        return new Quantiles(confirmations);
    }

    /** What was missed, false, or between other ranks, with its run. */
    List<String> mistakes() {
        return mistakes;
    }

    private void add(LabelledRun run, List<Rung> rungs) {
        runs++;
        var matching = new Matching(rungs, run.detections());
        for (Rung rung : matching.missed()) {
            if (rung.counts()) {
                missed++;
                allTransitions++;
                mistakes.add(run.name() + ": missed " + rung);
            } else if (rung.fate() == Fate.LEFT) {
                faintMissed++;
            }
        }
        for (Detection detection : matching.strange()) {
            wrong++;
            mistakes.add(run.name() + ": false, no rung there: " + detection);
        }
        for (Matching.Pair pair : matching.pairs()) {
            add(run, rungs, pair.rung(), pair.detection());
        }
    }

    private void add(LabelledRun run, List<Rung> rungs, Rung rung, Detection detection) {
        if (rung.fate() == Fate.OPEN) {
            wrong++;
            mistakes.add(run.name() + ": false, never left: " + detection + "; " + rung);
            return;
        }
        if (!rung.counts()) {
            faintFound += rung.fate() == Fate.LEFT ? 1 : 0;
            return;
        }
        right++;
        found++;
        allTransitions++;
        if (rung.rank() > 0) {
            begins.add(detection.start() / rung.start() - 1);
        }
        ends.add(detection.end() / rung.end() - 1);
        confirmations.add(detection.confirmed() / rung.end() - 1);
        List<Integer> after = ranksAfter(rung, rungs, run.learned());
        if (detection.plateau().rank() == rung.rank() && after.contains(detection.rankAfter())) {
            rightTransitions++;
        } else {
            mistakes.add("%s: transition %d → %d instead of %d → %s; %s"
                    .formatted(
                            run.name(), detection.plateau().rank(), detection.rankAfter(), rung.rank(), after, rung));
        }
    }

    /** The rank of the next rung that counts, or at the end, and before it those of rungs that need not be found. */
    private static List<Integer> ranksAfter(Rung rung, List<Rung> rungs, int learned) {
        List<Integer> after = new ArrayList<>();
        for (Rung next : rungs.subList(rungs.indexOf(rung) + 1, rungs.size())) {
            after.add(next.rank());
            if (next.counts()) {
                return after;
            }
        }
        after.add(learned);
        return after;
    }
}
