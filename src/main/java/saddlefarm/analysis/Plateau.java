package saddlefarm.analysis;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a run during which it lingered, with what it looked like at its deepest snapshot, the one of least |∇C|.
 *
 * @param number from 0, mostly the {@link #isOrigin() origin}: a plateau whose escape is never confirmed is forgotten,
 *     so the first that is known may be a later one
 * @param rank of the run there
 * @param startStep first step
 * @param endStep first step after it; null while it lasts
 * @param startTime t at the start
 * @param endTime t at the end; null while it lasts
 * @param deepestStep step of the deepest snapshot
 * @param loss C there
 * @param gradientNorm |∇C| there
 * @param kind what it is
 * @param lambdaMin least eigenvalue of the Hessian there; null when it was not computed
 * @param lambdaMax greatest eigenvalue of the Hessian there; null when it was not computed
 * @param layerRanks rank of each layer there
 */
public record Plateau(
        int number,
        int rank,
        long startStep,
        @Nullable Long endStep,
        double startTime,
        @Nullable Double endTime,
        long deepestStep,
        double loss,
        double gradientNorm,
        Kind kind,
        @Nullable Double lambdaMin,
        @Nullable Double lambdaMax,
        List<Integer> layerRanks) {

    /** What a plateau turned out to be. */
    public enum Kind {
        /** It was left, or a direction leads down from it soon enough. */
        SADDLE,
        /** The run converged here and no direction leads down. */
        MINIMUM,
        /** Not known yet. */
        CANDIDATE;

        /** The name that users see. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of a name that users see. */
        public static Kind ofLabel(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    public Plateau {
        layerRanks = List.copyOf(layerRanks);
    }

    /** How long it lasted, in flow time; null while it lasts. */
    public @Nullable Double flowTime() {
        return endTime == null ? null : (Double) (endTime - startTime);
    }

    /** Whether the run began here. */
    public boolean isOrigin() {
        return startStep == 0;
    }
}
