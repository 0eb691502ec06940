package saddlefarm.farm;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStore;

/** Three linear ladders with a commit every few milliseconds, and a farm that trains them. */
final class Ladders {

    /** The experiment. */
    static final String TEXT = """
            name = ladders
            network { widths = [10, 20, 10], activation = linear }
            data { source = linear-teacher }
            initialization { scale = 1e-6 }
            descent { learning-rate = 0.0375 }
            stop { max-steps = 20000, loss = 1e-8 }
            observe { every-steps = 5 }
            checkpoint { every = 5ms }
            sweep { initialization.seed = [0, 1, 2] }
            """;

    private Ladders() {}

    /** Trains runs in a farm of their own, until it is idle. */
    static void train(
            List<RunSpec> runs,
            Workshop workshop,
            RunStore store,
            RunBoard board,
            FarmListener listener,
            int maxRestarts) {
        train(runs, workshop, store, board, listener, maxRestarts, farm -> {});
    }

    /** @param orders given right after the runs */
    static void train(
            List<RunSpec> runs,
            Workshop workshop,
            RunStore store,
            RunBoard board,
            FarmListener listener,
            int maxRestarts,
            Consumer<ActorRef<FarmSupervisor.Command>> orders) {
        var settings = new FarmSettings(
                2,
                8,
                Long.MAX_VALUE,
                Duration.ofMillis(2),
                maxRestarts,
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                Duration.ofMinutes(1));
        var kit = ActorTestKit.create();
        try {
            var farm = kit.spawn(FarmSupervisor.create(settings, workshop, store, board, listener));
            var idle = kit.<FarmSupervisor.Idle>createTestProbe();
            farm.tell(new FarmSupervisor.Grow(runs));
            orders.accept(farm);
            farm.tell(new FarmSupervisor.AwaitIdle(idle.getRef()));
            idle.expectMessageClass(FarmSupervisor.Idle.class, Duration.ofMinutes(3));
        } finally {
            kit.shutdownTestKit();
        }
    }
}
