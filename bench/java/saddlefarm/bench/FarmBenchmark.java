package saddlefarm.bench;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.data.Task;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.GradientDescent;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.FarmListener;
import saddlefarm.farm.FarmSettings;
import saddlefarm.farm.FarmSupervisor;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.WarmUp;
import saddlefarm.network.Gradient;
import saddlefarm.network.Workspaces;
import saddlefarm.run.NoBoard;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.store.OutputDirectory;

/**
 * The whole farm on two threads, with its store, beside bare loops: what it costs, how fair it is, how soon it pauses,
 * how much memory a run takes.
 */
final class FarmBenchmark {

    private static final int PARALLEL = 2;

    private FarmBenchmark() {}

    public static void main(String[] args) throws Exception {
        WarmUp.run(Kernels.ordered());
        for (String what : args.length == 0 ? new String[] {"efficiency", "counts", "many"} : args) {
            switch (what) {
                case "efficiency" -> efficiency();
                case "counts" -> counts();
                case "many" -> many();
                default -> throw new IllegalArgumentException("efficiency, counts or many, not " + what);
            }
        }
    }

    /** 64 equal runs, L4 w100 N300, beside two loops that do nothing but step; rounds of each in turn. */
    private static void efficiency() throws Exception {
        for (String observe : List.of(
                "observe.cadence=linear observe.every-steps=1000000000000", "observe.cadence=linear observe.every-steps=50")) {
            List<RunSpec> runs = runs(64, "network.width=100 data.samples=300 " + observe);
            double[] ratios = new double[7];
            double[] bare = new double[ratios.length];
            double[] farmed = new double[ratios.length];
            for (int round = 0; round < ratios.length; round++) {
                bare[round] = bareLoops(runs, 6);
                try (var farm = new Farm(64)) {
                    farm.grow(runs);
                    Thread.sleep(2000);
                    farmed[round] = farm.stepsPerSecond(6);
                }
                ratios[round] = farmed[round] / bare[round];
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s: farm %s, bare loops %s steps/s, ratio %s%n",
                    observe,
                    spread("%.0f", farmed),
                    spread("%.0f", bare),
                    spread("%.3f", ratios));
        }
    }

    /**
     * Steps per second of the same small runs, however many more are queued; how long the farm takes to start; and how
     * long the program, as a process of its own, to list the runs that it leaves behind.
     */
    private static void counts() throws Exception {
        // Builds what is out of date.
        launch(List.of("--version"));
        for (int round = 0; round < 2; round++) {
            for (int count : new int[] {1, 2, 10, 100, 1_000, 10_000}) {
                long begin = System.nanoTime();
                List<RunSpec> runs = runs(count, "network.width=20");
                double read = (System.nanoTime() - begin) * 1e-9;
                try (var farm = new Farm(8)) {
                    begin = System.nanoTime();
                    farm.grow(runs);
                    farm.board.firstSteps.await();
                    double start = (System.nanoTime() - begin) * 1e-9;
                    Thread.sleep(3000);
                    double stepsPerSecond = farm.stepsPerSecond(8);
                    farm.shutDown();
                    System.out.printf(
                            Locale.ROOT,
                            "%,6d runs: experiment read in %.2f s, first steps after %.2f s, %.0f steps/s;"
                                    + " runs --json %s s%n",
                            count,
                            read,
                            start,
                            stepsPerSecond,
                            spread("%.2f", listings(farm.directory, count)));
                }
            }
        }
    }

    /** Seconds of each of five. */
    private static double[] listings(Path directory, int count) throws Exception {
        double[] seconds = new double[5];
        for (int i = 0; i < seconds.length; i++) {
            long begin = System.nanoTime();
            String runs = launch(List.of("runs", "--json", "--out", directory.toString()));
            seconds[i] = (System.nanoTime() - begin) * 1e-9;
            if (runs.split("\"status\"", -1).length != count + 1) {
                throw new IllegalStateException("not %d runs: %s".formatted(count, runs));
            }
        }
        return seconds;
    }

    /** What a command prints. */
    private static String launch(List<String> arguments) throws Exception {
        var command = new ArrayList<>(List.of("./saddlefarm"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed");
        }
        return printed;
    }

    /**
     * 1,000 small runs that train by turns: memory of each, shares of time, and how soon each can be paused.
     */
    private static void many() throws Exception {
        int count = 1_000;
        List<RunSpec> runs = runs(count, "network.width=20");
        try (var farm = new Farm(count)) {
            long before = heapInUse();
            farm.grow(runs);
            Thread.sleep(20_000);
            long after = heapInUse();
            long parameters = 8L * runs.get(0).architecture().parameters();
            System.out.printf(
                    Locale.ROOT,
                    "memory of a run: %.1f KiB, of which its parameters once are %.1f KiB%n",
                    (after - before) / 1024.0 / count,
                    parameters / 1024.0);
            Map<String, Long> begin = farm.board.stepsByRun();
            Thread.sleep(60_000);
            Map<String, Long> end = farm.board.stepsByRun();
            double[] steps = end.entrySet().stream()
                    .mapToDouble(entry -> entry.getValue() - begin.getOrDefault(entry.getKey(), 0L))
                    .sorted()
                    .toArray();
            System.out.printf(
                    Locale.ROOT,
                    "steps of a run in a minute: %.0f to %.0f, median %.0f%n",
                    steps[0],
                    steps[steps.length - 1],
                    steps[steps.length / 2]);
            double[] pauses = new double[200];
            for (int i = 0; i < pauses.length; i++) {
                pauses[i] = farm.pause(runs.get(5 * i)) * 1e3;
            }
            Arrays.sort(pauses);
            System.out.printf(
                    Locale.ROOT,
                    "a pause is committed after %.1f ms (median), %.1f ms (95th percentile), %.1f ms (latest)%n",
                    pauses[100],
                    pauses[190],
                    pauses[199]);
        }
    }

    private static List<RunSpec> runs(int count, String overrides) throws IOException {
        Path file = Files.createTempFile("farm", ".conf");
        Files.writeString(
                file,
                """
                name = farm
                network { depth = 4, width = 20 }
                data { source = digits, samples = 100 }
                initialization.scale = 0.15
                descent.learning-rate = 1e-6
                stop.max-steps = 1000000000
                observe.curvature = false
                sweep.initialization.seed = "range(0, %d)"
                """
                        .formatted(count));
        try {
            return Experiment.load(file, List.of(overrides.split(" "))).runs();
        } finally {
            Files.delete(file);
        }
    }

    private static double bareLoops(List<RunSpec> runs, int seconds) throws InterruptedException {
        var tasks = new TaskLibrary();
        var steps = new LongAdder();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Thread> threads = new ArrayList<>();
        for (RunSpec run : runs.subList(0, PARALLEL)) {
            Task task = tasks.task(run.data(), run.loss());
            var gradient = new Gradient(
                    run.architecture(), run.loss(), task.inputs(), task.targets(), Kernels.ordered());
            double rate = ((DescentSettings.GradientDescent) run.descent()).learningRate();
            var start = DescentState.initial(tasks.initialParameters(run));
            var descent = new GradientDescent(gradient, Kernels.ordered(), rate, start);
            threads.add(new Thread(() -> {
                while (System.nanoTime() < end) {
                    descent.evaluate();
                    if (!descent.finite()) {
                        throw new IllegalStateException("diverged");
                    }
                    descent.advance();
                    steps.increment();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return (double) steps.sum() / seconds;
    }

    private static long heapInUse() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static String spread(String format, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                format + " (" + format + " to " + format + ")",
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }

    private static final class Farm implements AutoCloseable {

        private final Path directory;
        private final OutputDirectory output;
        private final RunStore store;
        private final Board board = new Board();
        private final ActorSystem<FarmSupervisor.Command> system;

        Farm(int maxActiveRuns) throws IOException {
            directory = Files.createTempDirectory("farm");
            output = OutputDirectory.open(directory);
            store = output.openStore();
            var settings = new FarmSettings(
                    PARALLEL, maxActiveRuns, Long.MAX_VALUE, Duration.ofMillis(10), 0, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMinutes(1));
            var workshop = new TaskWorkshop(new TaskLibrary(), new Workspaces(settings.turns(), 64 << 20), "a processor");
            var threads = ConfigValueFactory.fromAnyRef(PARALLEL);
            system = ActorSystem.create(
                    FarmSupervisor.create(settings, workshop, store, board, board),
                    "farm",
                    ConfigFactory.load()
                            .withValue("saddlefarm.training-dispatcher.thread-pool-executor.fixed-pool-size", threads)
                            .withValue("saddlefarm.analysis-dispatcher.thread-pool-executor.fixed-pool-size", threads));
        }

        void grow(List<RunSpec> runs) {
            store.register(runs);
            system.tell(new FarmSupervisor.Grow(runs));
        }

        double stepsPerSecond(int seconds) throws InterruptedException {
            long steps = board.steps.sum();
            long begin = System.nanoTime();
            Thread.sleep(1000L * seconds);
            return (board.steps.sum() - steps) / ((System.nanoTime() - begin) * 1e-9);
        }

        /** Pauses a run; returns the seconds until it is committed and the farm says so. */
        double pause(RunSpec run) throws InterruptedException {
            var paused = new CountDownLatch(1);
            board.awaited.put(run.id(), paused);
            long begin = System.nanoTime();
            system.tell(new FarmSupervisor.Leave(run.id(), RunStatus.PAUSED));
            paused.await();
            return (System.nanoTime() - begin) * 1e-9;
        }

        /** Commits all runs and ends; the directory stays until this is closed. */
        void shutDown() throws IOException {
            if (system.whenTerminated().isCompleted()) {
                return;
            }
            AskPattern.<FarmSupervisor.Command, FarmSupervisor.Idle>ask(
                            system, FarmSupervisor.Shutdown::new, Duration.ofMinutes(5), system.scheduler())
                    .toCompletableFuture()
                    .join();
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
            store.close();
            output.close();
        }

        @Override
        public void close() throws IOException {
            shutDown();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static final class Board extends NoBoard implements FarmListener {

        final LongAdder steps = new LongAdder();
        final CountDownLatch firstSteps = new CountDownLatch(1);
        final Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();
        private final Map<String, Long> stepsByRun = new ConcurrentHashMap<>();

        Map<String, Long> stepsByRun() {
            return Map.copyOf(stepsByRun);
        }

        @Override
        public void show(LiveRun run) {
            if (run.status() == RunStatus.RUNNING) {
                stepsByRun.put(run.spec().id(), run.steps());
            }
        }

        @Override
        public void countSteps(long count) {
            steps.add(count);
            firstSteps.countDown();
        }

        @Override
        public void found(RunSpec run, Finding finding) {}

        @Override
        public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
            var latch = awaited.get(run.id());
            if (latch != null && status == RunStatus.PAUSED) {
                latch.countDown();
            }
        }
    }
}
