package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The claims of {@code config/escape-times.conf}, from fewer of its runs, by the numbers behind its figure. */
class EscapeTimesIT {

    @TempDir
    private Path directory;

    @Test
    void escapeTimesGrowAsTheoryPredicts() throws Exception {
        Path out = directory.resolve("out");
        Cli.Result run = Cli.run(
                "run",
                "config/escape-times.conf",
                "sweep.network.depth=[2,2,3,3,4,4,5,5]",
                "sweep.initialization.scale=[1e-12,1e-6,0.00125,0.0025,0.00625,0.0125,0.0125,0.025]",
                "sweep.initialization.seed=range(0, 4)",
                "--out",
                out,
                "--no-progress");
        assertThat(run.exitCode()).as(run.err()).isZero();
        Path figures = directory.resolve("figures");
        Cli.Result report =
                Cli.run("report", "--out", out, "--to", directory.resolve("report.html"), "--figures", figures);
        assertThat(report.exitCode()).as(report.err()).isZero();

        List<Map<String, String>> rows = table(figures.resolve("1-escape-times.escape-times.csv"));
        assertThat(rows).hasSize(8).allSatisfy(row -> assertThat(row).containsEntry("escaped", "4"));
        for (Map<String, String> row : rows) {
            double fitted = Double.parseDouble(row.get("fitted"));
            int depth = Integer.parseInt(row.get("network.depth"));
            if (depth == 2) {
                assertThat(row).containsEntry("quantity", "slope times speed").containsEntry("predicted", "1.0");
                assertThat(fitted).isCloseTo(1, within(0.05));
            } else {
                assertThat(row)
                        .containsEntry("quantity", "exponent")
                        .containsEntry("predicted", Double.toString(2 - depth));
                assertThat(fitted).as("depth %d", depth).isCloseTo(2 - depth, within(0.03));
            }
            assertThat(Double.parseDouble(row.get("fitted_high")) - Double.parseDouble(row.get("fitted_low")))
                    .isBetween(0.0, 0.05);
        }
        assertThat(Files.readString(directory.resolve("report.html")))
                .contains("First escape over the scale of the initial weights");
    }

    private static List<Map<String, String>> table(Path csv) throws Exception {
        List<String> lines = Files.readAllLines(csv);
        String[] header = lines.get(0).split(",", -1);
        var rows = new ArrayList<Map<String, String>>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            var row = new HashMap<String, String>();
            for (int i = 0; i < header.length; i++) {
                row.put(header[i], cells[i]);
            }
            rows.add(row);
        }
        return rows;
    }
}
