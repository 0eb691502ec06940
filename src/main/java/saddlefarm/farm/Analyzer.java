package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.SaddleFinder;
import saddlefarm.analysis.Snapshot;
import saddlefarm.descent.Ending;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.Progress;

/**
 * Takes in what a trainer hands over and tells the run's supervisor what was found, in order. It alone knows all that
 * was found since the last commit, so checkpoints pass through it.
 */
public final class Analyzer extends AbstractBehavior<Analyzer.Command> {

    /** What an analyzer does. */
    public sealed interface Command {}

    /**
     * Consecutive steps, and the state of the last one where it is wanted.
     *
     * @param sample null when only the steps are told
     */
    record Segment(Steps steps, @Nullable Sample sample, ActorRef<Trainer.Command> replyTo) implements Command {}

    /** What an analyzer tells its supervisor. */
    sealed interface Event {}

    /** Where an analyzer's events go. */
    @FunctionalInterface
    interface Listener {
        void tell(Event event);
    }

    /** How the run stands now. */
    record Observed(
            Progress progress,
            @Nullable Snapshot row,
            @Nullable Long plateauSince,
            int escapes,
            List<Integer> layerRanks,
            List<Finding> findings)
            implements Event {}

    /**
     * A consistent state, with all that was found since the last.
     *
     * @param halted whether the trainer has stopped there
     */
    record CheckpointReached(Findings findings, Progress progress, Checkpoint checkpoint, boolean halted)
            implements Event {}

    /** The run is over. */
    record Ended(
            Findings findings, Progress progress, Checkpoint checkpoint, SaddleFinder.Closing closing, Ending ending)
            implements Event {}

    /** What was found between two commits. */
    record Findings(List<Snapshot> rows, List<Finding.PlateauFound> plateaus, List<Finding.Transition> transitions) {}

    private final SaddleFinder finder;
    private final Listener supervisor;
    private List<Snapshot> rows = new ArrayList<>();
    private List<Finding.PlateauFound> plateaus = new ArrayList<>();
    private List<Finding.Transition> transitions = new ArrayList<>();
    private boolean ended;

    /** @param finder made on the analyzer's own thread */
    static Behavior<Command> create(Supplier<SaddleFinder> finder, Listener supervisor) {
        return Behaviors.setup(context -> new Analyzer(context, finder.get(), supervisor));
    }

    private Analyzer(ActorContext<Command> context, SaddleFinder finder, Listener supervisor) {
        super(context);
        this.finder = finder;
        this.supervisor = supervisor;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Segment.class, this::onSegment).build();
    }

    private Behavior<Command> onSegment(Segment segment) {
        // What a trainer did after the state that ended its run never happened.
        if (!ended) {
            takeIn(segment.steps());
            if (segment.sample() != null) {
                takeIn(segment.sample());
            }
        }
        segment.replyTo().tell(new Trainer.SegmentAnalyzed());
        return this;
    }

    private void takeIn(Steps steps) {
        for (int i = 0; i < steps.size(); i++) {
            finder.step(steps.step(i), steps.flowTime(i), steps.loss(i), steps.squaredGradientNorm(i));
        }
    }

    private void takeIn(Sample sample) {
        switch (sample.purpose()) {
            case ROW -> {
                Snapshot row = finder.row(sample.state());
                rows.add(row);
                observed(sample, row);
                endIfDecided(sample);
            }
            case PROBE -> {
                finder.probe(sample.state());
                observed(sample, null);
                endIfDecided(sample);
            }
            case ESCAPE -> {
                finder.drop(sample.state());
                observed(sample, null);
            }
            case CHECKPOINT, HALT -> {
                observed(sample, null);
                boolean halted = sample.purpose() == Sample.Purpose.HALT;
                supervisor.tell(new CheckpointReached(takeFindings(), progress(sample), checkpoint(sample), halted));
            }
            case END -> end(sample, sample.ending() == null ? Ending.MAX_STEPS : sample.ending());
        }
    }

    private void observed(Sample sample, @Nullable Snapshot row) {
        List<Finding> findings = finder.drain();
        keep(findings);
        supervisor.tell(new Observed(
                progress(sample), row, finder.plateauSince(), finder.escapes(), finder.layerRanks(), findings));
    }

    private void endIfDecided(Sample sample) {
        @Nullable Ending ending = finder.decided();
        if (ending != null) {
            end(sample, ending);
        }
    }

    private void end(Sample sample, Ending ending) {
        ended = true;
        observed(sample, null);
        Checkpoint checkpoint = checkpoint(sample);
        SaddleFinder.Closing closing = finder.close(sample.state(), ending);
        int count = finder.escapes() + (closing.plateau() == null ? 0 : 1);
        var progress = Progress.at(sample.state(), closing.rank(), count);
        supervisor.tell(new Ended(takeFindings(), progress, checkpoint, closing, ending));
    }

    private void keep(List<Finding> findings) {
        for (Finding finding : findings) {
            if (finding instanceof Finding.PlateauFound plateau) {
                plateaus.add(plateau);
            } else if (finding instanceof Finding.Transition transition) {
                transitions.add(transition);
            }
        }
    }

    private Findings takeFindings() {
        var findings = new Findings(rows, plateaus, transitions);
        rows = new ArrayList<>();
        plateaus = new ArrayList<>();
        transitions = new ArrayList<>();
        return findings;
    }

    private Progress progress(Sample sample) {
        return Progress.at(sample.state(), finder.rank(), finder.escapes());
    }

    private Checkpoint checkpoint(Sample sample) {
        return new Checkpoint(sample.state(), sample.cadence(), finder.state());
    }
}
