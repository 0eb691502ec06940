package saddlefarm.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.Farm;
import saddlefarm.farm.FarmSupervisor;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoreTakenException;
import saddlefarm.run.StoredSpec;
import saddlefarm.run.Wish;
import saddlefarm.store.Headship;

/**
 * The head of a farm of many nodes: looks again and again at what the store says is wanted, and has the one
 * {@link FarmSupervisor} see to it. It remembers nothing that the store or the runs could not tell its successor.
 */
final class Head extends AbstractBehavior<Head.Command> {

    private static final Logger LOG = LoggerFactory.getLogger(Head.class);

    /** How often the head looks at the store when nobody asks it to. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** How often it looks while there are runs that it has not read. */
    private static final Duration LOOK_SOON = Duration.ofMillis(100);

    /** Runs that are read at once; no more are woken at once after the head has moved. */
    private static final int READ_AT_ONCE = 100;

    /** What a head does. */
    sealed interface Command {}

    /** Look at the store: somebody has just written what is wanted. */
    enum Look implements Command {
        LOOK
    }

    /** End, for the head moves to another node. */
    enum Leave implements Command {
        LEAVE
    }

    private record Obtained(@Nullable Headship headship) implements Command {}

    private record Looked(Map<Wish, List<RunSpec>> wished, boolean more) implements Command {}

    private record ToPredict(Term term, @Nullable List<RunSpec> runs) implements Command {}

    private enum Lost implements Command {
        LOST
    }

    private record Failed(Throwable why) implements Command {}

    /** The time in which this is the head, and what it knows because it is. */
    private static final class Term {

        private final Headship headship;
        private final ActorRef<FarmSupervisor.Command> supervisor;
        private boolean looksForTheory;
        private @Nullable NodeCapacity capacity;

        Term(Headship headship, ActorRef<FarmSupervisor.Command> supervisor) {
            this.headship = headship;
            this.supervisor = supervisor;
        }
    }

    /**
     * What a head works with.
     *
     * @param store of its node
     * @param headship tries to be the only head on the store
     * @param patience how long another may be the head, which this one's cluster knows nothing of
     * @param whenTaken told when that was longer
     * @param supervision of runs wherever they live
     */
    record Means(
            Farm farm,
            RunStore store,
            Supplier<Optional<Headship>> headship,
            Duration patience,
            Consumer<StoreTakenException> whenTaken,
            FarmSupervisor.Supervision supervision) {}

    private final Means means;
    private final TimerScheduler<Command> timers;
    private final Cluster cluster;
    private final Executor blocking;
    // Of unfinished runs; read and written by one look at a time.
    private final Map<String, RunSpec> specs = new ConcurrentHashMap<>();
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    private @Nullable Term term;
    private boolean looking;
    private boolean lookAgain;
    private @Nullable Long waitsSince;
    private boolean failing;
    private int terms;
    private volatile boolean ended;

    static Behavior<Command> create(Means means) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Head(context, timers, means)));
    }

    private Head(ActorContext<Command> context, TimerScheduler<Command> timers, Means means) {
        super(context);
        this.means = means;
        this.timers = timers;
        cluster = Cluster.get(context.getSystem());
        blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        look();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Look.LOOK, this::onLook)
                .onMessageEquals(Leave.LEAVE, Behaviors::stopped)
                .onMessage(Obtained.class, this::onObtained)
                .onMessage(Looked.class, this::onLooked)
                .onMessage(ToPredict.class, this::onToPredict)
                .onMessageEquals(Lost.LOST, this::onLost)
                .onMessage(Failed.class, this::onFailed)
                .onSignal(Terminated.class, signal -> {
                    throw new IllegalStateException("the farm's supervisor has ended");
                })
                .onSignal(PreRestart.class, signal -> end())
                .onSignal(PostStop.class, signal -> end())
                .build();
    }

    private Behavior<Command> end() {
        ended = true;
        giveUpHeadship();
        return this;
    }

    private void giveUpHeadship() {
        if (term != null) {
            term.headship.close();
        }
    }

    // --- looking ---

    private Behavior<Command> onLook() {
        if (looking) {
            lookAgain = true;
        } else {
            look();
        }
        return this;
    }

    private void look() {
        looking = true;
        @Nullable Term current = term;
        Supplier<Command> work =
                current == null ? this::obtained : () -> current.headship.lasts() ? looked() : Lost.LOST;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(work, blocking),
                        (result, failure) -> result != null ? result : new Failed(failure));
    }

    /** On a thread that may wait. */
    private Obtained obtained() {
        @Nullable Headship headship = means.headship.get().orElse(null);
        if (headship != null && ended) {
            // Nobody hears of it any more, and the next head waits for it.
            headship.close();
            return new Obtained(null);
        }
        return new Obtained(headship);
    }

    private void lookIn(Duration wait) {
        looking = false;
        timers.startSingleTimer(Look.LOOK, lookAgain ? Duration.ZERO : wait);
        lookAgain = false;
    }

    private Behavior<Command> onFailed(Failed message) {
        if (!failing) {
            LOG.warn("the head cannot look at the store: {}", message.why.getMessage());
            failing = true;
        }
        waitsSince = null;
        lookIn(LOOK_EVERY);
        return this;
    }

    private Behavior<Command> onObtained(Obtained message) {
        failing = false;
        if (message.headship == null) {
            waitForRival();
            return this;
        }
        waitsSince = null;
        ActorRef<FarmSupervisor.Command> supervisor =
                getContext().spawn(FarmSupervisor.create(means.farm, means.supervision), "farm-" + terms++);
        getContext().watch(supervisor);
        term = new Term(message.headship, supervisor);
        look();
        return this;
    }

    /**
     * The head before this one may still be ending. One that does not end is that of another cluster: nodes that were
     * started while they could not hear the others. They would only ever wait.
     */
    private void waitForRival() {
        long now = System.nanoTime();
        if (waitsSince == null) {
            LOG.warn("another head works on the store; this one waits until it has ended");
            waitsSince = now;
        } else if (now - waitsSince > means.patience.toNanos()) {
            means.whenTaken.accept(new StoreTakenException(
                    "other nodes work on the store, which this one was not in reach of when it started; it may join"
                            + " them when it is started again"));
        }
        lookIn(LOOK_EVERY);
    }

    /** On a thread that may wait. */
    private Looked looked() {
        List<RunStore.Wished> all = means.store.wished();
        Set<String> ids = new HashSet<>();
        all.forEach(wished -> ids.add(wished.run().id()));
        specs.keySet().retainAll(ids);
        Map<Wish, List<RunSpec>> wished = new EnumMap<>(Wish.class);
        int read = 0;
        boolean more = false;
        for (RunStore.Wished each : all) {
            @Nullable RunSpec spec = specs.get(each.run().id());
            if (spec == null && unreadable.contains(each.run().id())) {
                continue;
            }
            if (spec == null && read == READ_AT_ONCE) {
                more = true;
                continue;
            }
            if (spec == null) {
                read++;
                spec = read(each.run());
            }
            if (spec != null) {
                specs.put(spec.id(), spec);
                wished.computeIfAbsent(each.wish(), wish -> new ArrayList<>()).add(spec);
            }
        }
        return new Looked(wished, more);
    }

    private @Nullable RunSpec read(RunSummary run) {
        try {
            return StoredSpec.of(means.store, run);
        } catch (ExperimentException e) {
            unreadable.add(run.id());
            LOG.warn("run {} is left alone, for it cannot be read again: {}", run.id(), e.getMessage());
            return null;
        }
    }

    /** Runs that are over and whose theory is missing: perhaps many, and less urgent than any that is wanted. */
    private void lookForTheory(Term current) {
        current.looksForTheory = true;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(this::toPredict, blocking),
                        (runs, failure) -> new ToPredict(current, runs));
    }

    /** On a thread that may wait. */
    private List<RunSpec> toPredict() {
        List<RunSpec> specs = new ArrayList<>();
        for (RunSummary run : means.store.unpredicted()) {
            @Nullable RunSpec spec = read(run);
            if (spec != null) {
                specs.add(spec);
            }
        }
        return specs;
    }

    private Behavior<Command> onLooked(Looked message) {
        failing = false;
        if (term != null) {
            tellCapacity(term);
            ActorRef<FarmSupervisor.Command> supervisor = term.supervisor;
            message.wished.forEach((wish, runs) -> supervisor.tell(FarmSupervisor.wanted(wish, runs)));
            if (!message.more && !term.looksForTheory) {
                lookForTheory(term);
            }
        }
        lookIn(message.more ? LOOK_SOON : LOOK_EVERY);
        return this;
    }

    private Behavior<Command> onToPredict(ToPredict message) {
        if (message.runs == null) {
            message.term.looksForTheory = false; // the store was away: at a later look
        } else if (message.term == term) {
            message.term.supervisor.tell(new FarmSupervisor.Predict(message.runs));
        }
        return this;
    }

    private void tellCapacity(Term current) {
        var now = NodeCapacity.ofAll(cluster);
        if (!now.equals(current.capacity) && now.runs() > 0) {
            current.capacity = now;
            current.supervisor.tell(new FarmSupervisor.Capacity(now.runs(), now.bytes()));
        }
    }

    /** Begins anew, as another head would; the runs go on meanwhile. */
    private Behavior<Command> onLost() {
        LOG.warn("the connection that makes this the head was lost");
        giveUpHeadship();
        if (term != null) {
            getContext().unwatch(term.supervisor);
            getContext().stop(term.supervisor);
            term = null;
        }
        lookIn(LOOK_EVERY);
        return this;
    }
}
