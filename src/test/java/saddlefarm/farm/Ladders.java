package saddlefarm.farm;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import saddlefarm.TextFiles;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.network.Workspaces;
import saddlefarm.report.CsvExport;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStore;
import saddlefarm.store.OutputDirectory;

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

    /** What a farm exports that nothing happens to, and that works in this directory. */
    static Map<String, String> undisturbed(List<RunSpec> runs, Path directory) throws IOException {
        var workshop = new TaskWorkshop(new TaskLibrary(), new Workspaces(3, 0), "a processor");
        try (var output = OutputDirectory.open(directory.resolve("undisturbed"));
                var store = output.openStore()) {
            store.register(runs);
            train(runs, workshop, store, new NoBoard(), new Deaf(), 0);
            return export(store, directory.resolve("export-undisturbed"));
        }
    }

    /** The text of every file of an export, by name. */
    static Map<String, String> export(RunStore store, Path to) throws IOException {
        new CsvExport().write(store, store.runs(), Files.createDirectory(to), done -> {});
        return TextFiles.in(to);
    }
}
