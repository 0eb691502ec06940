package saddlefarm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.RunSupervisor;
import saddlefarm.run.RunStatus;

/** Looking after a run that lives elsewhere. */
class RunKeeperTest {

    private static final Duration QUIET = Duration.ofMillis(50);

    private final ActorTestKit kit =
            ActorTestKit.create(ManualTime.config().withFallback(ActorTestKit.applicationTestConfig()));
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<RunEntity.Command> home = kit.createTestProbe();
    private final TestProbe<RunSupervisor.Event> parent = kit.createTestProbe();
    private final AtomicInteger ended = new AtomicInteger();
    private final RunSpec run = TestRuns.specs(1).get(0);
    private ActorRef<RunSupervisor.Command> keeper;

    @BeforeEach
    void spawn() {
        keeper = kit.spawn(RunKeeper.create(run, null, home.getRef()::tell, parent.getRef(), ended::incrementAndGet));
    }

    @AfterEach
    void shutDown() {
        kit.shutdownTestKit();
    }

    @Test
    void aRunIsWokenWithAllThatItIsMadeOf() {
        var wake = home.expectMessageClass(RunEntity.Wake.class);
        assertThat(wake.specification()).isEqualTo(run.specification());
        assertThat(wake.swept()).isEqualTo(run.swept());
    }

    @Test
    void aRunThatIsHeardOfIsNotWokenAgainAndOneThatIsSilentIs() {
        var wake = home.expectMessageClass(RunEntity.Wake.class);
        for (int i = 0; i < 20; i++) {
            wake.keeper().tell(new RunEntity.Alive(run.id()));
            time.timePasses(RunEntity.BEAT);
        }
        home.expectNoMessage(QUIET);
        time.timePasses(RunKeeper.SILENCE);
        home.expectMessageClass(RunEntity.Wake.class);
        // and again, for the first one may have gone to a node that was being lost
        time.timePasses(RunKeeper.SILENCE.plusSeconds(1));
        home.expectMessageClass(RunEntity.Wake.class);
    }

    @Test
    void aRunThatIsOnlyToBeLeftIsToldSoAtOnce() {
        home.expectMessageClass(RunEntity.Wake.class);
        kit.spawn(
                RunKeeper.create(run, RunStatus.PAUSED, home.getRef()::tell, parent.getRef(), ended::incrementAndGet));
        home.expectMessageClass(RunEntity.Wake.class);
        home.expectMessage(new RunEntity.Leave(RunStatus.PAUSED));
    }

    /** Whatever is lost on the way, as when the run's node is. */
    @Test
    void aWishIsToldUntilTheRunHasStopped() {
        var wake = home.expectMessageClass(RunEntity.Wake.class);
        keeper.tell(new RunSupervisor.Stop(RunStatus.PAUSED));
        home.expectMessage(new RunEntity.Leave(RunStatus.PAUSED));
        keeper.tell(new RunSupervisor.Stop(RunStatus.CANCELLED));
        home.expectMessage(new RunEntity.Leave(RunStatus.CANCELLED));
        keeper.tell(new RunSupervisor.Stop(RunStatus.PAUSED));
        home.expectMessage(new RunEntity.Leave(RunStatus.CANCELLED));
        wake.keeper().tell(new RunEntity.Alive(run.id()));
        home.expectMessage(new RunEntity.Leave(RunStatus.CANCELLED));
        time.timePasses(RunKeeper.SILENCE.plusSeconds(1));
        home.expectMessageClass(RunEntity.Wake.class);
        home.expectMessage(new RunEntity.Leave(RunStatus.CANCELLED));
        parent.expectNoMessage(QUIET);
    }

    @Test
    void whatBecomesOfTheRunIsPassedOnAndTheLastOfItEndsTheKeeper() {
        var wake = home.expectMessageClass(RunEntity.Wake.class);
        wake.keeper().tell(new RunSupervisor.LeftOrigin(run.id()));
        parent.expectMessage(new RunSupervisor.LeftOrigin(run.id()));
        assertThat(ended).hasValue(0);
        var stopped = new RunSupervisor.Stopped(run.id(), RunStatus.COMPLETED, null);
        wake.keeper().tell(stopped);
        parent.expectMessage(stopped);
        parent.expectTerminated(keeper);
        assertThat(ended).hasValue(1);
    }

    /** Nobody that waits comes before it. */
    @Test
    void aRunThatIsHandedOverIsWokenAtOnceUnlessItIsToBeLeft() {
        var wake = home.expectMessageClass(RunEntity.Wake.class);
        var handedOver = new RunSupervisor.Stopped(run.id(), RunStatus.QUEUED, null);
        wake.keeper().tell(handedOver);
        home.expectMessageClass(RunEntity.Wake.class);
        parent.expectNoMessage(QUIET);
        assertThat(ended).hasValue(0);

        keeper.tell(new RunSupervisor.Stop(RunStatus.QUEUED));
        home.expectMessage(new RunEntity.Leave(RunStatus.QUEUED));
        wake.keeper().tell(handedOver);
        parent.expectMessage(handedOver);
        parent.expectTerminated(keeper);
    }

    /** One of two that had it, after a partition: the other goes on. */
    @Test
    void aRunThatWasTakenOverIsHeardOfFromItsNewHome() {
        var wake = home.expectMessageClass(RunEntity.Wake.class);
        wake.keeper()
                .tell(new RunSupervisor.Stopped(
                        run.id(), RunStatus.RUNNING, "it is trained by another process by now"));
        parent.expectNoMessage(QUIET);
        time.timePasses(RunKeeper.SILENCE.plusSeconds(1));
        home.expectMessageClass(RunEntity.Wake.class);
    }
}
