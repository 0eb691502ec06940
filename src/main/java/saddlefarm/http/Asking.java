package saddlefarm.http;

import akka.http.javadsl.model.StatusCodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.ForkSettings;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.Syntax;
import saddlefarm.farm.FarmControl;
import saddlefarm.farm.Forker;
import saddlefarm.run.RunDocument;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredSpec;

/** What clients of the API ask of a farm. Answers tell of the runs as they are at their last commit. */
final class Asking {

    private static final String JSON = "application/json";
    private static final Set<String> EXPERIMENTS = Set.of("application/hocon", JSON, "text/plain");
    private static final List<String> FORK = List.of("plateau", "perturb", "size", "count", "overrides");

    /** What can be asked of runs that there are already. */
    private enum Order {
        PAUSE,
        RESUME,
        CANCEL;

        private void give(FarmControl farm, List<RunSpec> runs) {
            switch (this) {
                case PAUSE -> farm.pause(runs);
                case RESUME -> farm.resume(runs);
                case CANCEL -> farm.cancel(runs);
            }
        }

        /** Whether it makes sense for a run, though it may change nothing: orders may be given twice. */
        private boolean suits(RunStatus status) {
            return switch (this) {
                case PAUSE -> !status.ended();
                case RESUME -> !status.over();
                case CANCEL -> !status.ended() || status == RunStatus.CANCELLED;
            };
        }

        /** Whether the farm has anything to do. */
        private boolean changes(RunStatus status) {
            return !(this == CANCEL && status == RunStatus.CANCELLED);
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reading reading;
    private final @Nullable FarmControl control;
    private final ApiSettings settings;

    /** @param control null for a farm that takes no orders */
    Asking(Reading reading, @Nullable FarmControl control, ApiSettings settings) {
        this.reading = reading;
        this.control = control;
        this.settings = settings;
    }

    /** Trains an experiment's runs. */
    Map<String, @Nullable Object> submit(Call call) {
        FarmControl farm = control();
        requireType(call, EXPERIMENTS);
        Experiment experiment = Experiment.parse(
                call.text(),
                call.mediaType().equals(JSON) ? Syntax.JSON : Syntax.HOCON,
                "request",
                settings.files(),
                call.query().getOrDefault("set", List.of()),
                settings.maxRuns());
        if (experiment.runs().stream().anyMatch(run -> run.fork() != null)) {
            throw ApiException.badRequest("a fork is made of its parent: POST /api/v1/runs/{run}/fork");
        }
        experiment.runs().forEach(this::requireKnownHost);
        farm.submit(experiment.runs());
        return answer(experiment.runs());
    }

    /** Otherwise whoever may submit could have the farm call what only it reaches. */
    private void requireKnownHost(RunSpec run) {
        if (run.notifies() != null
                && !settings.webhookHosts()
                        .contains(run.notifies().url().getHost().toLowerCase(Locale.ROOT))) {
            throw ApiException.badRequest("experiments that are submitted here may not notify %s (http.webhook-hosts)"
                    .formatted(run.notifies().url().getHost()));
        }
    }

    Map<String, @Nullable Object> pauseRun(Call call) {
        return order(Order.PAUSE, call, Asking::run);
    }

    Map<String, @Nullable Object> resumeRun(Call call) {
        return order(Order.RESUME, call, Asking::run);
    }

    Map<String, @Nullable Object> cancelRun(Call call) {
        return order(Order.CANCEL, call, Asking::run);
    }

    Map<String, @Nullable Object> pauseExperiment(Call call) {
        return order(Order.PAUSE, call, Lookup::experiment);
    }

    Map<String, @Nullable Object> resumeExperiment(Call call) {
        return order(Order.RESUME, call, Lookup::experiment);
    }

    Map<String, @Nullable Object> cancelExperiment(Call call) {
        return order(Order.CANCEL, call, Lookup::experiment);
    }

    /** Branches off from a run at one of its plateaus. */
    Map<String, @Nullable Object> fork(Call call) {
        FarmControl farm = control();
        requireType(call, Set.of(JSON));
        Forker.Request request = forkRequest(JsonBody.of(call.text(), FORK));
        RunSpec parent = reading.with(store -> spec(store, Lookup.run(store, call.name())));
        return answer(farm.fork(parent, request));
    }

    private static Forker.Request forkRequest(JsonBody body) {
        return new Forker.Request(
                body.whole("plateau", 0),
                ForkSettings.Perturb.of(body.text("perturb")),
                body.number("size"),
                body.has("count") ? body.whole("count", 1) : null,
                body.has("overrides") ? body.texts("overrides") : List.of());
    }

    // --- orders ---

    private static List<RunSummary> run(RunStore store, String prefix) {
        return List.of(Lookup.run(store, prefix));
    }

    private Map<String, @Nullable Object> order(
            Order order, Call call, BiFunction<RunStore, String, List<RunSummary>> which) {
        FarmControl farm = control();
        List<RunSpec> changed = new ArrayList<>();
        List<RunSummary> suited = reading.with(store -> {
            List<RunSummary> meant = which.apply(store, call.name());
            List<RunSummary> suits =
                    meant.stream().filter(run -> order.suits(run.status())).toList();
            if (suits.isEmpty()) {
                throw ApiException.conflict(tooLate(order, meant));
            }
            suits.stream().filter(run -> order.changes(run.status())).forEach(run -> changed.add(spec(store, run)));
            return suits;
        });
        order.give(farm, changed);
        return answer(suited.stream().map(RunSummary::id));
    }

    private static String tooLate(Order order, List<RunSummary> runs) {
        RunSummary first = runs.get(0);
        return runs.size() == 1
                ? "run %s is %s; there is nothing to %s"
                        .formatted(first.id(), first.status().label(), order.label())
                : "all %d runs of %s have ended; there is nothing to %s"
                        .formatted(runs.size(), first.experiment(), order.label());
    }

    private static RunSpec spec(RunStore store, RunSummary run) {
        try {
            return StoredSpec.of(store, run);
        } catch (ExperimentException e) {
            throw ApiException.conflict("run %s cannot be taken up: %s".formatted(run.id(), e.getMessage()));
        }
    }

    private FarmControl control() {
        if (control == null) {
            throw ApiException.conflict(
                    "this farm ends with its runs and takes no orders; saddlefarm serve starts one that does");
        }
        return control;
    }

    private static void requireType(Call call, Set<String> types) {
        if (!types.contains(call.mediaType())) {
            throw ApiException.of(
                    StatusCodes.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type must be %s but was %s"
                            .formatted(types.stream().sorted().collect(Collectors.joining(" or ")), call.mediaType()));
        }
    }

    // --- answers ---

    private Map<String, @Nullable Object> answer(List<RunSpec> runs) {
        return answer(runs.stream().map(RunSpec::id));
    }

    private Map<String, @Nullable Object> answer(Stream<String> ids) {
        Map<String, RunSummary> stored =
                reading.with(RunStore::runs).stream().collect(Collectors.toMap(RunSummary::id, Function.identity()));
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put(
                "runs",
                ids.map(stored::get)
                        .filter(Objects::nonNull)
                        .map(RunDocument::summary)
                        .toList());
        return document;
    }
}
