package saddlefarm.analysis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding.Candidate;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Finding.Transition;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.Ending;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Parameters;

/**
 * The whole analysis of one run: takes in every step's scalars and the states that the {@link Cadence} picked, and
 * finds plateaus, transitions, ranks and curvature. One thread at a time.
 */
public final class SaddleFinder {

    /**
     * The snapshot of least |∇C| on a plateau.
     *
     * @param state the trajectory there
     * @param spectra all singular values
     * @param layerRanks rank of each layer
     */
    public record Deepest(DescentState state, Spectra spectra, List<Integer> layerRanks) {}

    /**
     * Everything that the future depends on. Immutable.
     *
     * @param initial largest singular value of each layer at step 0; null before it
     * @param deepest of the plateau that is open; null where none is
     * @param drop where the loss first dropped from that plateau, without the descent's memory; null before it did
     * @param plateaus how many plateaus were left
     * @param rowStep step of the last row, −1 before the first
     * @param rank of the run at the last state that was looked at
     * @param asked when a {@link StopRules rule} last asked the Hessian
     */
    public record State(
            PlateauDetector.State detector,
            @Nullable Spectra initial,
            @Nullable Deepest deepest,
            @Nullable DescentState drop,
            int plateaus,
            long rowStep,
            int rank,
            StopDecision.Asked asked) {

        /** Before the first step of a run. */
        public static final State INITIAL = beginningWith(PlateauDetector.State.INITIAL, null);

        /**
         * Before the first step of a run that begins with a detector, and that is measured against another's step 0.
         */
        public static State beginningWith(PlateauDetector.State detector, @Nullable Spectra initial) {
            return new State(detector, initial, null, null, 0, -1, 0, StopDecision.Asked.NEVER);
        }

        /**
         * Why a run ends here by what was found, without asking the Hessian; null while it goes on. Rows and probes
         * decide: after an escape that was confirmed since, the next of them will.
         *
         * @param step that this is the state after
         */
        public @Nullable Ending ends(StopRules rules, long step) {
            boolean lookedAt = step == rowStep || step == detector.startStep();
            return lookedAt ? rules.met(plateaus, rank) : null;
        }
    }

    /**
     * What the end of a run adds to its rows.
     *
     * @param row the final state, unless it is a row already
     * @param plateau the plateau that is open at the end, or the minimum that was reached
     * @param rank of the run at its end
     */
    public record Closing(@Nullable Snapshot row, @Nullable PlateauFound plateau, int rank) {}

    /** A plateau whose escape is confirmed and whose drop is not looked at yet. */
    private record Left(PlateauDetector.Escape way, Deepest deepest) {}

    private final ObserveSettings settings;
    private final Kernels kernels;
    private final Probes probes;
    private final PlateauDetector detector;
    private final StopDecision decision;
    private final List<Finding> found = new ArrayList<>();
    private @Nullable Spectra initial;
    private @Nullable Deepest deepest;
    private @Nullable DescentState drop;
    private @Nullable Left left; // only where one step both drops and confirms, until that step is looked at
    private int plateaus;
    private long rowStep;
    private int rank;
    private List<Integer> layerRanks = List.of();
    private @Nullable Ending decided;
    // what was probed last on the open plateau; only live views depend on it, so no checkpoint holds it
    private double probedTime;
    private double probedSquare;

    public SaddleFinder(ObserveSettings settings, StopRules rules, Kernels kernels, Probes probes, State state) {
        this.settings = settings;
        this.kernels = kernels;
        this.probes = probes;
        detector = new PlateauDetector(state.detector);
        decision = new StopDecision(rules, probes, state.asked);
        initial = state.initial;
        deepest = state.deepest;
        drop = state.drop;
        plateaus = state.plateaus;
        rowStep = state.rowStep;
        rank = state.rank;
        forgetProbe();
    }

    /** Takes in the scalars of the next step; call it for every step, once, before looking at that step's state. */
    public void step(long step, double flowTime, double loss, double squaredGradientNorm) {
        if (left != null) {
            throw new IllegalStateException(
                    "no look at the drop from the plateau that began at step " + left.way.startStep());
        }
        Phase before = detector.phase();
        var escape = detector.observe(step, flowTime, loss, squaredGradientNorm);
        if (escape != null) {
            leave(escape);
        }
        if (detector.deepened()) {
            drop = null;
        }
        if (before == Phase.ESCAPE && detector.phase() == Phase.PLATEAU) {
            deepest = null;
            forgetProbe();
        }
    }

    /** Looks at the state of the last step, as a row of the run. */
    public Snapshot row(DescentState state) {
        rowStep = state.step();
        Snapshot row = look(state);
        decide(state);
        return row;
    }

    /** Looks at the state of the last step because the loss drops there from the plateau. */
    public void drop(DescentState state) {
        takeDrop(state);
    }

    /** Looks at the state of the last step for the detection alone. */
    public void probe(DescentState state) {
        look(state);
        decide(state);
    }

    /** Why the run ends at the last row or probe; null while it goes on. */
    public @Nullable Ending decided() {
        return decided;
    }

    /** What was found since the last call, in order. */
    public List<Finding> drain() {
        var drained = List.copyOf(found);
        found.clear();
        return drained;
    }

    /** How many escapes were confirmed. */
    public int escapes() {
        return plateaus;
    }

    /** Rank of the run at the last state that was looked at. */
    public int rank() {
        return rank;
    }

    /** Rank of each layer at the last state that was looked at; empty before the first since this finder was made. */
    public List<Integer> layerRanks() {
        return layerRanks;
    }

    /** First step of the plateau that the run is on now; null between two. */
    public @Nullable Long plateauSince() {
        return detector.state().plateauSince();
    }

    public State state() {
        return new State(detector.state(), initial, deepest, drop, plateaus, rowStep, rank, decision.asked());
    }

    /** What the end of the run at a state adds. Use the finder no more afterwards. */
    public Closing close(DescentState last, Ending ending) {
        Snapshot row = look(last);
        return new Closing(last.step() == rowStep ? null : row, openPlateau(last, ending), rank);
    }

    private void decide(DescentState state) {
        decided = decision.at(state, detector.phase(), plateaus, rank);
    }

    private Snapshot look(DescentState state) {
        takeDrop(state);
        Spectra spectra = Spectra.of(state.parameters(), kernels);
        if (initial == null) {
            initial = spectra.leading(1);
        }
        layerRanks = Rank.ofLayers(spectra, initial);
        rank = Rank.ofRun(layerRanks);
        if (detector.phase() == Phase.PLATEAU
                && (deepest == null || state.squaredGradientNorm() < deepest.state.squaredGradientNorm())) {
            deepest = new Deepest(state, spectra, layerRanks);
            drop = null;
            probeCandidate(deepest);
        }
        return Snapshot.of(state, rank, spectra.leading(settings.singularValues()));
    }

    /** Keeps the first state at which the loss has dropped since the plateau's deepest step. */
    private void takeDrop(DescentState state) {
        if (left != null) {
            escaped(left, state);
        } else if (drop == null && detector.open() && detector.dropped(state.loss())) {
            drop = new DescentState(
                    state.step(), state.flowTime(), state.loss(), state.squaredGradientNorm(), state.parameters());
        }
    }

    private void leave(PlateauDetector.Escape way) {
        if (deepest == null) {
            throw new IllegalStateException("no snapshot on the plateau that began at step " + way.startStep());
        }
        left = new Left(way, deepest);
        deepest = null;
        if (drop != null) {
            escaped(left, drop);
        }
    }

    private void escaped(Left plateau, DescentState dropped) {
        left = null;
        drop = null;
        var way = plateau.way;
        Deepest at = plateau.deepest;
        found.add(describe(
                at,
                way.startStep(),
                way.startTime(),
                way.endStep(),
                way.endTime(),
                Plateau.Kind.SADDLE,
                curvature(way.startStep(), at.state.parameters()),
                dropped));
        plateaus++;
        decision.forget();
        found.add(new Transition(plateaus, way.endStep(), way.endTime(), Rank.ofRun(at.layerRanks)));
    }

    private @Nullable PlateauFound openPlateau(DescentState last, Ending ending) {
        boolean arrived = ending.converged() && detector.phase() == Phase.ESCAPE;
        if (!arrived && !detector.open()) {
            return null;
        }
        // A run that converges exponentially never slows down: where it arrives is a plateau of its own.
        Deepest at = arrived ? deepestAt(last) : deepest;
        if (at == null) {
            return null;
        }
        long startStep = arrived ? last.step() : detector.startStep();
        double startTime = arrived ? last.flowTime() : detector.startTime();
        @Nullable Curvature curvature = curvature(startStep, at.state.parameters());
        boolean minimum = ending.converged() && curvature != null && curvature.stable(at.state.flowTime());
        var kind = minimum ? Plateau.Kind.MINIMUM : Plateau.Kind.CANDIDATE;
        return describe(at, startStep, startTime, null, null, kind, curvature, null);
    }

    private Deepest deepestAt(DescentState state) {
        Spectra spectra = Spectra.of(state.parameters(), kernels);
        return new Deepest(state, spectra, Rank.ofLayers(spectra, initial == null ? spectra : initial));
    }

    private PlateauFound describe(
            Deepest at,
            long startStep,
            double startTime,
            @Nullable Long endStep,
            @Nullable Double endTime,
            Plateau.Kind kind,
            @Nullable Curvature curvature,
            @Nullable DescentState dropped) {
        var plateau = new Plateau(
                plateaus,
                Rank.ofRun(at.layerRanks),
                startStep,
                endStep,
                startTime,
                endTime,
                at.state.step(),
                at.state.loss(),
                Math.sqrt(at.state.squaredGradientNorm()),
                kind,
                curvature == null ? null : curvature.lambdaMin(),
                curvature == null ? null : curvature.lambdaMax(),
                at.layerRanks);
        Parameters saddle = at.state.parameters();
        var anatomy = probes.saddle()
                .at(
                        saddle,
                        at.state.flowTime(),
                        plateau.rank(),
                        curvature != null,
                        dropped == null ? null : dropped.parameters());
        return new PlateauFound(
                plateau,
                at.spectra.leading(settings.singularValues()),
                at.state,
                anatomy.saddle(),
                dropped == null ? null : escape(startStep == 0, saddle, dropped, anatomy));
    }

    private Escape escape(boolean origin, Parameters saddle, DescentState dropped, SaddleProbe.Findings anatomy) {
        Parameters there = dropped.parameters();
        boolean homogeneous = !there.architecture().bias();
        return Escape.measured(
                dropped,
                origin ? there : there.minus(saddle),
                origin && homogeneous ? probes.speed().applyAsDouble(there) : null,
                anatomy,
                kernels);
    }

    /** Nothing at the origin: for depth three and more its Hessian vanishes, and it is a saddle by construction. */
    private @Nullable Curvature curvature(long startStep, Parameters parameters) {
        return settings.curvature() && startStep > 0 ? probes.curvature().at(parameters) : null;
    }

    /** Looks anew at an open plateau when it has become ten times flatter or twice as old. */
    private void probeCandidate(Deepest at) {
        double square = at.state.squaredGradientNorm();
        double flowTime = at.state.flowTime();
        if (square < 0.1 * probedSquare || flowTime >= 2 * probedTime) {
            @Nullable Curvature curvature = curvature(detector.startStep(), at.state.parameters());
            if (curvature != null) {
                probedSquare = square;
                probedTime = flowTime;
                found.add(new Candidate(Rank.ofRun(at.layerRanks), curvature, curvature.kind(flowTime)));
            }
        }
    }

    private void forgetProbe() {
        probedTime = 0;
        probedSquare = Double.POSITIVE_INFINITY;
    }
}
