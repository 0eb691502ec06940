package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Cadence;
import saddlefarm.data.Task;
import saddlefarm.experiment.DescentSettings;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.Specification;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.farm.MemoryLimit;
import saddlefarm.farm.TaskWorkshop;
import saddlefarm.farm.Workshop;
import saddlefarm.network.Architecture;
import saddlefarm.network.Workspaces;
import saddlefarm.run.Training;

/**
 * What runs will cost, before any is started.
 *
 * @param steps of all runs together at most; null where a run has no such limit
 * @param memoryBytes that the active runs need together
 * @param diskBytes of the results at most; null where the number of steps is not known
 * @param seconds of steps at most, from a few of each kind of run timed now; null where the number of steps is not
 *     known, or what a step takes, as in gradient flow
 */
record Forecast(
        @Nullable Long steps,
        long memoryBytes,
        @Nullable Long diskBytes,
        @Nullable Double seconds) {

    private static final long TIMING_NANOS = 150_000_000;
    private static final int ROW_BYTES = 120;

    /** A kind of run that takes the same time a step. */
    private record Kind(Architecture architecture, int samples, Object loss, String backend) {}

    static Forecast of(List<RunSpec> runs, ProcessSettings settings, TaskLibrary tasks) {
        var workshop = new TaskWorkshop(tasks, new Workspaces(1, 0), Processor.name());
        Map<Kind, Double> stepSeconds = new HashMap<>();
        var memory = new ArrayList<Long>();
        long computing = 0;
        long steps = 0;
        long disk = 0;
        double seconds = 0;
        boolean bounded = true;
        boolean timed = true;
        for (RunSpec run : runs) {
            Task task = tasks.task(run.data(), run.loss());
            memory.add(workshop.memory(run));
            computing = Math.max(computing, Workspaces.bytes(run.architecture(), task.samples()));
            OptionalLong most = Budget.steps(run);
            if (most.isPresent()) {
                steps += most.getAsLong();
                disk += diskBytes(run, most.getAsLong());
                if (run.descent() instanceof DescentSettings.GradientFlow) {
                    timed = false;
                } else {
                    var kind = new Kind(run.architecture(), task.samples(), run.loss(), run.backend());
                    seconds += most.getAsLong() * stepSeconds.computeIfAbsent(kind, k -> timeStep(run, workshop));
                }
            } else {
                bounded = false;
            }
        }
        // The largest runs at once is the most that can happen.
        memory.sort((a, b) -> Long.compare(b, a));
        long active = memory.stream()
                .limit(settings.farm().maxActiveRuns())
                .mapToLong(Long::longValue)
                .sum();
        return new Forecast(
                bounded ? steps : null,
                active + settings.farm().turns() * computing,
                bounded ? disk : null,
                bounded && timed ? seconds / Math.min(settings.farm().parallel(), runs.size()) : null);
    }

    /** As named fields, ready to be written as JSON. */
    static Map<String, @Nullable Object> document(List<RunSpec> runs, Forecast forecast) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("count", runs.size());
        fields.put("steps", forecast.steps);
        fields.put("memory_bytes", forecast.memoryBytes);
        fields.put("disk_bytes", forecast.diskBytes);
        fields.put("seconds", forecast.seconds);
        fields.put(
                "runs",
                runs.stream()
                        .map(run -> {
                            var one = new LinkedHashMap<String, Object>();
                            one.put("run", run.id());
                            one.put("experiment", run.experiment());
                            var swept = new LinkedHashMap<String, Object>();
                            run.swept()
                                    .keySet()
                                    .forEach(key -> swept.put(
                                            key, Specification.plain(run.swept().getOrDefault(key, "null"))));
                            one.put("swept", swept);
                            return one;
                        })
                        .toList());
        return fields;
    }

    static void print(List<RunSpec> runs, Forecast forecast, PrintWriter out) {
        List<String> swept = runs.stream()
                .flatMap(run -> run.swept().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        var header = new ArrayList<>(List.of("run", "experiment"));
        header.addAll(swept);
        var table = new TextTable(header);
        for (RunSpec run : runs) {
            var row = new ArrayList<>(List.of(run.id(), run.experiment()));
            swept.forEach(key -> row.add(run.swept().getOrDefault(key, "")));
            table.add(row);
        }
        table.print(out);
        out.println();
        out.printf("%d %s%n", runs.size(), runs.size() == 1 ? "run" : "runs");
        out.println("steps   " + (forecast.steps == null ? unlimited() : "at most " + TextTable.count(forecast.steps)));
        out.println("memory  about " + MemoryLimit.text(forecast.memoryBytes));
        out.println("disk    "
                + (forecast.diskBytes == null ? unlimited() : "at most " + MemoryLimit.text(forecast.diskBytes)));
        out.println("time    "
                + (forecast.seconds == null
                        ? forecast.steps == null
                                ? unlimited()
                                : "not known: a step of gradient flow takes what it needs"
                        : "at most " + ProgressDisplay.duration(forecast.seconds)
                                + " of steps on this machine; saddles and theory take their time besides"));
    }

    private static String unlimited() {
        return "not known: some run has no max-steps or max-flow-time";
    }

    private static long diskBytes(RunSpec run, long steps) {
        var observe = run.observe();
        long rows = steps / observe.everySteps() + 1;
        if (observe.cadence() == Cadence.Kind.ADAPTIVE) {
            rows = Math.min(rows, steps);
        }
        long values = 0;
        for (int layer = 1; layer <= run.architecture().depth(); layer++) {
            values += Math.min(observe.singularValues(), run.architecture().singularValues(layer));
        }
        long checkpoints = 2L * 3 * Double.BYTES * run.architecture().parameters();
        return rows * (ROW_BYTES + Double.BYTES * values) + checkpoints;
    }

    /** The time of a step, when the code is warm: the quicker of two rounds. */
    private static double timeStep(RunSpec run, Workshop workshop) {
        Training training = workshop.training(run, null);
        return Math.min(timeRound(training), timeRound(training));
    }

    private static double timeRound(Training training) {
        long begin = System.nanoTime();
        long elapsed;
        int steps = 0;
        do {
            training.step();
            steps++;
            elapsed = System.nanoTime() - begin;
        } while (elapsed < TIMING_NANOS && training.ending() == null);
        return elapsed * 1e-9 / steps;
    }
}
