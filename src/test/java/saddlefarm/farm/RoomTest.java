package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;

/** The runs that live on a node of many. */
@ExtendWith(ActorSystems.class)
class RoomTest {

    private static final long EACH = 10;
    private static final Duration QUIET = Duration.ofMillis(30);

    private final ActorTestKit kit;
    private final TestProbe<Room.Entered> entered;
    private final List<RunSpec> runs = TestRuns.specs(4);

    RoomTest(ActorTestKit kit) {
        this.kit = kit;
        entered = kit.createTestProbe();
    }

    @Test
    void asManyRunsAsANodeCarriesAreLetInAndTheOthersWhenOneHasLeft() {
        var room = room(2, Long.MAX_VALUE);
        List<TestProbe<Object>> guests = enterAll(room);
        assertThat(next()).isEqualTo(runs.get(0).id());
        assertThat(next()).isEqualTo(runs.get(1).id());
        entered.expectNoMessage(QUIET);
        guests.get(0).stop();
        assertThat(next()).isEqualTo(runs.get(2).id());
        entered.expectNoMessage(QUIET);
    }

    @Test
    void noMoreAreLetInThanFitIntoItsMemory() {
        var room = room(100, 2 * EACH);
        List<TestProbe<Object>> guests = enterAll(room);
        assertThat(next()).isEqualTo(runs.get(0).id());
        assertThat(next()).isEqualTo(runs.get(1).id());
        entered.expectNoMessage(QUIET);
        guests.get(1).stop();
        assertThat(next()).isEqualTo(runs.get(2).id());
    }

    /** It was told to leave, or has moved. */
    @Test
    void oneThatLeavesWhileItWaitsIsNotLetIn() {
        var room = room(1, Long.MAX_VALUE);
        List<TestProbe<Object>> guests = enterAll(room);
        assertThat(next()).isEqualTo(runs.get(0).id());
        guests.get(1).stop();
        entered.expectNoMessage(QUIET);
        guests.get(0).stop();
        assertThat(next()).isEqualTo(runs.get(2).id());
    }

    /** Its actor before ends while the run, which has come back, waits. */
    @Test
    void aRunThatComesBackWaitsLikeAnyOther() {
        var room = room(1, Long.MAX_VALUE);
        var before = enter(room, runs.get(0));
        assertThat(next()).isEqualTo(runs.get(0).id());
        var again = enter(room, runs.get(0));
        enter(room, runs.get(1));
        entered.expectNoMessage(QUIET);
        before.stop();
        assertThat(next()).isEqualTo(runs.get(0).id());
        entered.expectNoMessage(QUIET);
        again.stop();
        assertThat(next()).isEqualTo(runs.get(1).id());
    }

    private ActorRef<Room.Command> room(int mostRuns, long mostBytes) {
        var settings = new FarmSettings(
                1,
                mostRuns,
                mostBytes,
                Duration.ofMillis(1),
                3,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                Duration.ofMinutes(1));
        return kit.spawn(Room.create(settings, run -> EACH));
    }

    private List<TestProbe<Object>> enterAll(ActorRef<Room.Command> room) {
        return runs.stream().map(run -> enter(room, run)).toList();
    }

    private TestProbe<Object> enter(ActorRef<Room.Command> room, RunSpec run) {
        TestProbe<Object> guest = kit.createTestProbe();
        room.tell(new Room.Enter(run, guest.getRef(), entered.getRef()));
        return guest;
    }

    private String next() {
        return entered.receiveMessage().run();
    }
}
