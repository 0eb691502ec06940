package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import saddlefarm.experiment.Json;

/** What a farm elsewhere answers, for people and scripts. */
final class FarmAnswer {

    private FarmAnswer() {}

    /**
     * Prints the ids of runs, a line for each, or all about them as JSON.
     *
     * @param what is done with them, for people
     */
    static void print(List<Map<String, @Nullable Object>> runs, String what, boolean json, CommandLine command) {
        PrintWriter out = command.getOut();
        if (json) {
            var document = new LinkedHashMap<String, @Nullable Object>();
            document.put("runs", runs);
            out.println(Json.text(document));
        } else {
            runs.forEach(run -> out.println(run.get("run")));
            command.getErr().printf("%d %s %s%n", runs.size(), runs.size() == 1 ? "run" : "runs", what);
        }
    }
}
