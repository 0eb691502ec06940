package saddlefarm.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import saddlefarm.experiment.Experiment;

/** Has a farm elsewhere train experiments. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Has a farm that serve has started train the runs of experiments, and prints their ids. Submitted again, they are"
                    + " the same runs: those that have ended are not trained again, those that failed are. Files of data are"
                    + " the farm's own (http.data-directory).",
            "",
            "For example: saddlefarm submit config/first-light.conf stop.after-escapes=2 --to http://127.0.0.1:8080"
        })
final class SubmitCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|KEY=VALUE",
            description = "Experiment files, and values of keys for all of them, which win over the files.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> arguments;

    @Mixin
    private final ClientOptions to = new ClientOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        ExperimentArguments asked =
                ExperimentArguments.of(arguments, "submit config/first-light.conf --to http://127.0.0.1:8080");
        List<String> texts = asked.files().stream().map(Experiment::text).toList();
        FarmClient farm = to.client();
        List<Map<String, @Nullable Object>> runs = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            runs.addAll(submit(farm, asked.files().get(i), texts.get(i), asked.overrides()));
        }
        FarmAnswer.print(runs, "submitted to " + farm.url(), json, spec.commandLine());
        return ExitCode.OK;
    }

    private static List<Map<String, @Nullable Object>> submit(
            FarmClient farm, Path file, String text, List<String> overrides) {
        try {
            return farm.submit(text, overrides);
        } catch (Misuse e) {
            // The farm knows nothing of files.
            throw new Misuse(String.valueOf(e.getMessage()).replace("(request", "(" + file));
        }
    }
}
