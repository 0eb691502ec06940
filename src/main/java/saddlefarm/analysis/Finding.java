package saddlefarm.analysis;

import org.jspecify.annotations.Nullable;
import saddlefarm.descent.DescentState;
import saddlefarm.network.Parameters;

/** What the analysis of a run has found. */
public sealed interface Finding {

    /**
     * A plateau that was left, or that was open when the run ended.
     *
     * @param spectra the leading singular values at its deepest snapshot
     * @param deepest the trajectory there
     * @param saddle the anatomy of the point; null where nobody looked
     * @param escape how it was left; null where it is open
     */
    record PlateauFound(
            Plateau plateau,
            Spectra spectra,
            DescentState deepest,
            @Nullable Saddle saddle,
            @Nullable Escape escape) implements Finding {

        /** θ there; nobody writes to it. */
        public Parameters parameters() {
            return deepest.parameters();
        }
    }

    /**
     * A confirmed escape.
     *
     * @param number from 1; transition k leaves plateau k − 1
     * @param step first step after that plateau
     * @param flowTime t there
     * @param rankBefore the plateau's rank
     */
    record Transition(int number, long step, double flowTime, int rankBefore) implements Finding {}

    /**
     * The plateau that a run is on now, as far as it is known: for live views, never stored.
     *
     * @param rank of the run at its deepest snapshot so far
     * @param curvature there
     * @param kind what the curvature says of it
     */
    record Candidate(int rank, Curvature curvature, Plateau.Kind kind) implements Finding {}
}
