package saddlefarm.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ClusterFarmTest {

    /** As one that waits for connections to nodes that are not reached. */
    @Test
    void aSystemThatDoesNotEndIsNotWaitedFor() throws Exception {
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.setup(context -> {
                    begun.countDown();
                    return Behaviors.receive(Void.class)
                            .onSignal(PostStop.class, signal -> {
                                mayEnd.await();
                                return Behaviors.same();
                            })
                            .build();
                }),
                "ending",
                ConfigFactory.parseString("akka.coordinated-shutdown.phases.actor-system-terminate.timeout = 100ms")
                        .withFallback(ConfigFactory.load()));
        // One that has not begun has nothing to end.
        assertThat(begun.await(20, SECONDS)).isTrue();
        var ended = ClusterFarm.ended(system);
        try {
            var shutdown = CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.clusterDowningReason());
            assertThat(ended).succeedsWithin(20, SECONDS);
            assertThat(shutdown).succeedsWithin(20, SECONDS);
            assertThat(system.getWhenTerminated().toCompletableFuture()).isNotDone();
        } finally {
            mayEnd.countDown();
            system.getWhenTerminated().toCompletableFuture().get(20, SECONDS);
        }
    }

    @Test
    void oneThatEndsByItselfHasEnded() {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.setup(context -> Behaviors.stopped()), "ended");
        assertThat(ClusterFarm.ended(system)).succeedsWithin(20, SECONDS);
    }
}
