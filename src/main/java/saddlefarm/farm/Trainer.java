package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import saddlefarm.descent.Ending;
import saddlefarm.run.RunBoard;
import saddlefarm.run.Training;

/**
 * Steps one run's training and hands every step's scalars, and the states that the cadence picks, to the analyzer. It
 * steps for a slice of time when it has its turn, and reads its mail meanwhile.
 */
public final class Trainer extends AbstractBehavior<Trainer.Command> {

    /** What a trainer does. */
    public sealed interface Command permits Turns.Turn, SegmentAnalyzed, Checkpoint, Halt {}

    /** The analyzer has taken in one {@link Analyzer.Segment}. */
    record SegmentAnalyzed() implements Command {}

    /** Hand a consistent state to the analyzer, to be committed. */
    record Checkpoint() implements Command {}

    /** The same, and step no more. */
    record Halt() implements Command {}

    /** How many segments may be on their way before the trainer waits. */
    static final int MOST_IN_FLIGHT = 2;

    private final String run;
    private final Training training;
    private final ActorRef<Analyzer.Command> analyzer;
    private final ActorRef<Turns.Command> turns;
    private final RunBoard board;
    private final long sliceNanos;
    private Steps steps;
    private int inFlight;
    private boolean waiting;
    private boolean checkpointDue;
    private boolean stopped;

    /**
     * @param run its id
     * @param training made on the trainer's own thread, since it reads data and evaluates a network
     * @param slice how long to step at a time
     */
    public static Behavior<Command> create(
            String run,
            Supplier<Training> training,
            ActorRef<Analyzer.Command> analyzer,
            ActorRef<Turns.Command> turns,
            RunBoard board,
            Duration slice) {
        return Behaviors.setup(context -> new Trainer(context, run, training.get(), analyzer, turns, board, slice));
    }

    private Trainer(
            ActorContext<Command> context,
            String run,
            Training training,
            ActorRef<Analyzer.Command> analyzer,
            ActorRef<Turns.Command> turns,
            RunBoard board,
            Duration slice) {
        super(context);
        this.run = run;
        this.training = training;
        this.analyzer = analyzer;
        this.turns = turns;
        this.board = board;
        sliceNanos = slice.toNanos();
        steps = new Steps(nextStep());
        endIfDue();
        // One that goes on from a checkpoint has evaluated its state already, and may wait for its turn long.
        training.rest();
        proceed();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Turns.Turn.TURN, this::onTurn)
                .onMessage(SegmentAnalyzed.class, message -> onSegmentAnalyzed())
                .onMessage(Checkpoint.class, message -> onCheckpoint())
                .onMessage(Halt.class, message -> onHalt())
                .build();
    }

    private Behavior<Command> onTurn() {
        waiting = false;
        if (mayStep()) {
            slice();
        }
        turns.tell(new Turns.Taken(getContext().getSelf().narrow()));
        proceed();
        return this;
    }

    private Behavior<Command> onSegmentAnalyzed() {
        inFlight--;
        proceed();
        return this;
    }

    private Behavior<Command> onCheckpoint() {
        checkpointDue = true;
        handOverCheckpoint();
        return this;
    }

    private Behavior<Command> onHalt() {
        // A run that has not evaluated its first state yet has nothing to hand over before it takes that step.
        if (!training.evaluated()) {
            step();
        }
        if (!stopped) {
            handOver(Sample.Purpose.HALT, null);
            stopped = true;
        }
        return this;
    }

    private void slice() {
        long begin = System.nanoTime();
        int taken = 0;
        long elapsed;
        do {
            step();
            handOverCheckpoint();
            taken++;
            elapsed = System.nanoTime() - begin;
        } while (mayStep() && elapsed < sliceNanos);
        training.rest();
        board.countSteps(taken);
        board.slice(run, elapsed * 1e-9);
    }

    private void step() {
        training.step();
        if (training.ending() != Ending.DIVERGED) {
            var descent = training.descent();
            steps.add(descent.flowTime(), descent.loss(), descent.squaredGradientNorm());
            switch (training.look()) {
                case ROW -> handOver(Sample.Purpose.ROW, null);
                case PROBE -> handOver(Sample.Purpose.PROBE, null);
                case ESCAPE -> handOver(Sample.Purpose.ESCAPE, null);
                case NONE -> {
                    if (steps.full()) {
                        send(null);
                    }
                }
            }
        }
        endIfDue();
    }

    private void endIfDue() {
        @Nullable Ending ending = training.ending();
        if (ending != null) {
            handOver(Sample.Purpose.END, ending);
            stopped = true;
        }
    }

    private void handOverCheckpoint() {
        if (checkpointDue && training.evaluated() && !stopped) {
            checkpointDue = false;
            handOver(Sample.Purpose.CHECKPOINT, null);
        }
    }

    private void handOver(Sample.Purpose purpose, @Nullable Ending ending) {
        send(new Sample(purpose, training.state(), training.cadence(), ending));
    }

    private void send(@Nullable Sample sample) {
        analyzer.tell(new Analyzer.Segment(steps, sample, getContext().getSelf()));
        inFlight++;
        steps = new Steps(nextStep());
    }

    private long nextStep() {
        return training.descent().step() + (training.evaluated() ? 1 : 0);
    }

    private boolean mayStep() {
        return !stopped && inFlight < MOST_IN_FLIGHT;
    }

    private void proceed() {
        if (mayStep() && !waiting) {
            waiting = true;
            turns.tell(new Turns.Want(getContext().getSelf().narrow()));
        }
    }
}
