package saddlefarm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.Answers;
import saddlefarm.farm.Deaf;
import saddlefarm.farm.Farm;
import saddlefarm.farm.FarmSettings;
import saddlefarm.farm.Recorder;
import saddlefarm.farm.Room;
import saddlefarm.farm.RunSupervisor;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.farm.Turns;
import saddlefarm.network.Workspaces;
import saddlefarm.run.NoBoard;
import saddlefarm.run.Progress;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStatus;

/** A run on the node where it lives, with the test in the place of its keeper, its shard, the room and the recorder. */
class RunEntityTest {

    private static final Duration QUIET = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ActorTestKit kit =
            ActorTestKit.create(ManualTime.config().withFallback(ActorTestKit.applicationTestConfig()));
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<RunSupervisor.Event> keeper = kit.createTestProbe();
    private final TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
    private final TestProbe<Room.Command> room = kit.createTestProbe();
    private final TestProbe<Recorder.Command> recorder = kit.createTestProbe();
    private final TestProbe<Turns.Command> turns = kit.createTestProbe();
    private final RunSpec run = TestRuns.specs(1).get(0);
    private final List<RunBoard.LiveRun> shown = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Changed> changes = new LinkedBlockingQueue<>();
    private ActorRef<RunEntity.Command> entity;

    private record Changed(RunStatus status, @Nullable String cause) {}

    @BeforeEach
    void spawn() {
        var settings = new FarmSettings(
                1,
                1,
                Long.MAX_VALUE,
                Duration.ofMillis(1),
                3,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                Duration.ofMinutes(1));
        var workshop = new TaskWorkshop(new TaskLibrary(), new Workspaces(1, 0), "a processor");
        var board = new NoBoard() {
            @Override
            public void show(LiveRun live) {
                shown.add(live);
            }

            @Override
            public void forget(String id) {
                shown.clear();
            }
        };
        var listener = new Deaf() {
            @Override
            public void changed(RunSpec spec, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
                changes.add(new Changed(status, cause));
            }
        };
        var farm = new Farm(settings, workshop, board, listener, turns.getRef(), recorder.getRef());
        entity = kit.spawn(
                RunEntity.create(farm, room.getRef(), new EntityContext<>(RunEntity.KEY, run.id(), shard.getRef())));
    }

    @AfterEach
    void shutDown() {
        kit.shutdownTestKit();
    }

    @Test
    void aRunIsClaimedWhenThereIsRoomAndIsHeardOfMeanwhile() {
        entity.tell(RunEntity.Wake.of(run, keeper.getRef()));
        keeper.expectMessage(new RunEntity.Alive(run.id()));
        var enter = room.expectMessageClass(Room.Enter.class);
        time.timePasses(RunEntity.BEAT);
        keeper.expectMessage(new RunEntity.Alive(run.id()));
        recorder.expectNoMessage(QUIET);
        enter.replyTo().tell(new Room.Entered(run.id()));
        assertThat(recorder.receiveMessage()).isNotInstanceOf(Recorder.Fail.class);
        assertThat(enter.guest()).isEqualTo(entity);
    }

    /** To note that takes no room. */
    @Test
    void aRunThatWaitsForRoomCanBeLeft() {
        entity.tell(RunEntity.Wake.of(run, keeper.getRef()));
        var enter = room.expectMessageClass(Room.Enter.class);
        entity.tell(new RunEntity.Leave(RunStatus.PAUSED));
        Answers.granted(recorder.receiveMessage());
        assertThat(recorder.receiveMessage().toString()).startsWith("Mark[").contains("status=PAUSED");
        // too late: it is not begun twice
        enter.replyTo().tell(new Room.Entered(run.id()));
        recorder.expectNoMessage(QUIET);
        assertThat(changes).isEmpty();
    }

    /** Nothing is wrong with it: a node of another version goes on with it. */
    @Test
    void aRunThatThisVersionCannotReadIsLeftAlone() {
        RunSpec other = TestRuns.respecified(run, run.specification().replace("\"arithmetic\":", "\"arithmetic\":1"));
        entity.tell(RunEntity.Wake.of(other, keeper.getRef()));
        keeper.expectMessage(new RunEntity.Alive(run.id()));
        shard.expectMessageClass(ClusterSharding.Passivate.class);
        time.timePasses(RunEntity.BEAT.multipliedBy(3));
        keeper.expectNoMessage(QUIET);
        recorder.expectNoMessage(QUIET);
        entity.tell(RunEntity.HandOver.HAND_OVER);
        shard.expectTerminated(entity);
    }

    /** The shard waits only so long: as when the store is away. */
    @Test
    void aRunThatCannotBeCommittedBeforeItMovesIsNoLongerThisNodes() throws InterruptedException {
        begin();
        assertThat(shown).isNotEmpty();
        entity.tell(RunEntity.HandOver.HAND_OVER);
        kit.stop(entity, PATIENCE);
        assertThat(nextChange().cause()).contains("could not be committed in time");
        assertThat(shown).isEmpty();
    }

    /** It has not trained here. */
    @Test
    void aRunThatWaitsForRoomAndCannotBeLeftBeforeItMovesIsNotSaidToRun() {
        entity.tell(RunEntity.Wake.of(run, keeper.getRef()));
        room.expectMessageClass(Room.Enter.class);
        entity.tell(RunEntity.HandOver.HAND_OVER);
        recorder.receiveMessage();
        kit.stop(entity, PATIENCE);
        assertThat(changes).isEmpty();
    }

    /** The process says at its end that not all could be committed. */
    @Test
    void whereTheNodeEndsItStaysOneThatIsNotCommitted() throws Exception {
        begin();
        entity.tell(RunEntity.HandOver.HAND_OVER);
        kit.system().terminate();
        kit.system().getWhenTerminated().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(changes).isEmpty();
        assertThat(shown).isNotEmpty();
    }

    /** Its region stops then, and asks no run to move. */
    @Test
    void whereTheOthersGiveTheNodeUpItStaysOneThatIsNotCommitted() throws InterruptedException {
        begin();
        kit.stop(entity, PATIENCE);
        assertThat(changes).isEmpty();
        assertThat(shown).isNotEmpty();
    }

    @Test
    void aRunWhoseSupervisorFailsIsShownAsFailed() throws InterruptedException {
        entity.tell(RunEntity.Wake.of(run, keeper.getRef()));
        room.expectMessageClass(Room.Enter.class).replyTo().tell(new Room.Entered(run.id()));
        Answers.senseless(recorder.receiveMessage());
        var fail = recorder.expectMessageClass(Recorder.Fail.class);
        assertThat(changes).isEmpty();
        Answers.noted(fail);
        keeper.fishForMessage(
                PATIENCE,
                event -> event instanceof RunSupervisor.Stopped
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        assertThat(nextChange()).satisfies(changed -> {
            assertThat(changed.status()).isEqualTo(RunStatus.FAILED);
            assertThat(changed.cause()).startsWith("its supervisor failed");
        });
        assertThat(shown).extracting(RunBoard.LiveRun::status).containsExactly(RunStatus.FAILED);
    }

    private void begin() throws InterruptedException {
        entity.tell(RunEntity.Wake.of(run, keeper.getRef()));
        room.expectMessageClass(Room.Enter.class).replyTo().tell(new Room.Entered(run.id()));
        Answers.granted(recorder.receiveMessage());
        assertThat(nextChange()).isEqualTo(new Changed(RunStatus.RUNNING, null));
    }

    private Changed nextChange() throws InterruptedException {
        return Objects.requireNonNull(changes.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
}
