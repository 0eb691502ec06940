package saddlefarm.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.TestRuns;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.Committing;
import saddlefarm.farm.Deaf;
import saddlefarm.farm.FarmSettings;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.network.Workspaces;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoreTakenException;
import saddlefarm.run.Wish;
import saddlefarm.store.Headship;
import saddlefarm.store.OutputDirectory;

/** A cluster of one node: what the store says is wanted is done. */
class ClusterNodeTest {

    private static final FarmSettings SETTINGS = new FarmSettings(
            1,
            10,
            1 << 30,
            Duration.ofMillis(10),
            3,
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ofMinutes(1));

    private static final String ENDLESS = """
            network { depth = 2, width = 4 }
            data { source = circle-toy }
            descent { learning-rate = 1e-9 }
            stop { max-steps = 100000000000 }
            checkpoint { every = 100ms }
            """;

    private static final String SHORT = """
            network { depth = 2, width = 4 }
            data { source = circle-toy }
            descent { learning-rate = 1e-3 }
            stop { max-steps = 1000 }
            """;

    /** A right that a test can take away. */
    private static final class Right implements Headship {

        private final AtomicBoolean lasts = new AtomicBoolean(true);
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public boolean lasts() {
            return lasts.get();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @TempDir
    private Path directory;

    private OutputDirectory output;
    private RunStore store;
    private ActorTestKit kit;
    private volatile Optional<Headship> headship = Optional.of(new Right());
    private final AtomicInteger tries = new AtomicInteger();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private Duration patience = Duration.ofMinutes(1);

    @BeforeEach
    void open() {
        output = OutputDirectory.open(directory.resolve("out"));
        store = output.openStore();
        var cluster = new ClusterSettings("127.0.0.1", 0, 0, List.of(), 1, null);
        kit = ActorTestKit.create(cluster.config(SETTINGS, () -> false)
                .withFallback(ActorTestKit.applicationTestConfig())
                .withFallback(ConfigFactory.load()));
    }

    @AfterEach
    void shutDown() {
        kit.shutdownTestKit();
        store.close();
        output.close();
    }

    @Test
    void whatIsStoredIsTrainedPausedAndCancelledThoughNobodyTellsIt() {
        List<RunSpec> runs = runs("endless", ENDLESS + "sweep { initialization.seed = [0, 1] }");
        store.register(runs);
        begin();
        awaitStatuses(runs, RunStatus.RUNNING);
        store.want(ids(runs), Wish.PAUSE);
        awaitStatuses(runs, RunStatus.PAUSED);
        store.want(ids(runs), Wish.TRAIN);
        awaitStatuses(runs, RunStatus.RUNNING);
        store.want(ids(runs), Wish.CANCEL);
        awaitStatuses(runs, RunStatus.CANCELLED);
        List<RunSpec> more = runs("short", SHORT);
        store.register(more);
        awaitStatuses(more, RunStatus.COMPLETED);
        assertThat(statuses(runs)).containsOnly(RunStatus.CANCELLED);
    }

    /** Of another version, in a rolling upgrade. */
    @Test
    void aRunThatCannotBeReadIsLeftAloneAndTheOthersGoOn() {
        // More than are read at once.
        List<RunSpec> unreadable = runs("other", SHORT + "sweep { initialization.seed = \"range(0, 250)\" }").stream()
                .map(run ->
                        TestRuns.respecified(run, run.specification().replace("\"arithmetic\":", "\"arithmetic\":1")))
                .toList();
        store.register(unreadable);
        List<RunSpec> sound = runs("sound", SHORT);
        store.register(sound);
        begin();
        awaitStatuses(sound, RunStatus.COMPLETED);
        assertThat(statuses(unreadable)).containsOnly(RunStatus.QUEUED);
    }

    /** Two clusters that cannot hear each other may share a store for a moment. */
    @Test
    void nothingIsDoneWhileThereIsAnotherHead() {
        headship = Optional.empty();
        List<RunSpec> runs = runs("short", SHORT);
        store.register(runs);
        begin();
        await().atMost(Duration.ofMinutes(1)).until(() -> tries.get() > 2);
        assertThat(statuses(runs)).containsOnly(RunStatus.QUEUED);
        headship = Optional.of(new Right());
        awaitStatuses(runs, RunStatus.COMPLETED);
    }

    /** As a node would that was started while it could not hear the others. */
    @Test
    void aNodeEndsWhenTheHeadOfOthersStays() {
        headship = Optional.empty();
        patience = Duration.ofSeconds(1);
        ActorRef<ClusterNode.Command> node = begin();
        await().atMost(Duration.ofMinutes(1)).until(() -> !broken.isEmpty());
        assertThat(broken)
                .singleElement(as(THROWABLE))
                .isInstanceOf(StoreTakenException.class)
                .hasMessageContaining("it may join them when it is started again");
        kit.createTestProbe().expectTerminated(node, Duration.ofMinutes(1));
    }

    /** And does so at once: runs that cannot commit are not waited for. */
    @Test
    void aNodeThatCanStoreNothingAnyMoreSaysWhyAndEnds() {
        var defect = new AssertionError("a driver that is broken");
        store.register(runs("short", SHORT));
        RunStore defective = Committing.store(store, commits -> {
            throw defect;
        });
        ActorSystem<ClusterNode.Command> system = ActorSystem.create(
                node(defective), "defective", kit.system().settings().config());
        join(system);
        assertThat(system.getWhenTerminated().toCompletableFuture()).succeedsWithin(20, SECONDS);
        assertThat(broken).singleElement().isEqualTo(defect);
    }

    @Test
    void aHeadThatHasLostItsRightBeginsAnewAndItsRunsGoOn() {
        var lost = new Right();
        headship = Optional.of(lost);
        List<RunSpec> runs = runs("endless", ENDLESS);
        store.register(runs);
        begin();
        awaitStatuses(runs, RunStatus.RUNNING);
        headship = Optional.of(new Right());
        int before = tries.get();
        lost.lasts.set(false);
        await().atMost(Duration.ofMinutes(1)).until(() -> tries.get() > before);
        assertThat(lost.closed).hasValue(1);
        // It is looked after again: what is wanted of it is done.
        store.want(ids(runs), Wish.CANCEL);
        awaitStatuses(runs, RunStatus.CANCELLED);
    }

    private ActorRef<ClusterNode.Command> begin() {
        ActorRef<ClusterNode.Command> node = kit.spawn(node(store));
        join(kit.system());
        return node;
    }

    private static void join(ActorSystem<?> system) {
        var cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }

    private Behavior<ClusterNode.Command> node(RunStore store) {
        var workshop = new TaskWorkshop(new TaskLibrary(), new Workspaces(2, 0), "a processor");
        return ClusterNode.create(
                SETTINGS,
                workshop,
                store,
                () -> {
                    tries.incrementAndGet();
                    return headship;
                },
                patience,
                new NoBoard(),
                new Deaf() {
                    @Override
                    public void broken(Throwable why) {
                        broken.add(why);
                    }
                });
    }

    private List<RunSpec> runs(String name, String text) {
        return Experiment.parse("name = %s%n%s".formatted(name, text), name, directory, List.of())
                .runs();
    }

    private static List<String> ids(List<RunSpec> runs) {
        return runs.stream().map(RunSpec::id).toList();
    }

    private void awaitStatuses(List<RunSpec> runs, RunStatus status) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(statuses(runs)).containsOnly(status));
    }

    private List<RunStatus> statuses(List<RunSpec> runs) {
        List<String> ids = ids(runs);
        return store.runs().stream()
                .filter(run -> ids.contains(run.id()))
                .map(RunSummary::status)
                .toList();
    }
}
