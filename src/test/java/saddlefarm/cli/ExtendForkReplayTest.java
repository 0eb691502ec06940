package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TextFiles;

/** Going on from what another run has reached, and looking at it again: on a ladder of linear saddles. */
class ExtendForkReplayTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Four modes of strengths 4, 2, 1, 1/2, which are learned one after the other in 4000 steps. */
    private static final String LADDER = """
            name = ladder
            network { depth = 3, width = 20, activation = linear }
            data { source = linear-teacher }
            initialization { scale = 0.02 }
            descent { learning-rate = 0.0157 }
            stop { max-steps = 4000 }
            """;

    private static final String FLOW = """
            name = ladder
            network { depth = 2, width = 12, activation = linear }
            data { source = linear-teacher }
            initialization { scale = 1e-4 }
            descent { method = gradient-flow }
            stop { max-flow-time = 20 }
            """;

    @TempDir
    private Path directory;

    private Path experiment;

    @BeforeEach
    void writeExperiment() throws IOException {
        experiment = Files.writeString(directory.resolve("ladder.conf"), LADDER);
    }

    @ParameterizedTest
    @CsvSource({
        "stop.max-steps=1000, stop.max-steps=2500",
        "stop.after-escapes=1, stop.after-escapes=2",
        "stop.rank=1, stop.rank=2",
        "stop.loss=3, stop.loss=1",
        "stop.max-flow-time=17, stop.max-flow-time=39.5",
        "stop.after-escapes=1, stop.max-steps=4000"
    })
    void aRunIsExtendedToTheBytesOfAFreshRunOfTheLargerStop(String shorter, String longer) throws Exception {
        run("fresh", longer);
        String first = run("extended", shorter).get(0).get("run").asText();
        JsonNode second = run("extended", longer).get(0);
        JsonNode shown = show("extended", second.get("run").asText());
        assertThat(shown.get("extended_from").get("run").asText()).isEqualTo(first);
        long step = shown.get("extended_from").get("step").asLong();
        assertThat(step)
                .isPositive()
                .isEqualTo(show("extended", first).get("steps").asLong());
        assertThat(step).isLessThan(second.get("steps").asLong());
        assertThat(Cli.run("show", second.get("run").asText(), "--out", directory.resolve("extended"))
                        .out())
                .contains("extended from run " + first);
        assertSame("fresh", "extended", second.get("run").asText());
    }

    /** What ended the shorter run ends the longer one too, at the same row. */
    @ParameterizedTest
    @ValueSource(strings = {"stop.after-escapes=2", "stop.rank=2"})
    void aRunThatEndedByARuleOfTheLargerStopToo(String rule) throws Exception {
        run("fresh", rule, "stop.max-steps=3000");
        JsonNode first = run("extended", rule, "stop.max-steps=2900").get(0);
        JsonNode second = run("extended", rule, "stop.max-steps=3000").get(0);

        assertThat(second.get("steps")).isEqualTo(first.get("steps"));
        assertThat(second.get("steps").asInt()).isLessThan(2900);
        assertThat(show("extended", second.get("run").asText())
                        .at("/extended_from/run")
                        .asText())
                .isEqualTo(first.get("run").asText());
        assertSame("fresh", "extended", second.get("run").asText());
    }

    @Test
    void gradientFlowIsExtendedWithItsMemory() throws Exception {
        Files.writeString(experiment, FLOW);
        run("fresh", "stop.max-flow-time=20");
        run("extended", "stop.max-flow-time=3");
        String longer =
                run("extended", "stop.max-flow-time=20").get(0).get("run").asText();
        assertThat(show("extended", longer).get("extended_from").isNull()).isFalse();
        assertSame("fresh", "extended", longer);
    }

    /** What a shorter run would have passed, or does not know, is computed from the beginning. */
    @ParameterizedTest
    @CsvSource({
        "stop.max-steps=2000, stop.max-steps=1000",
        "stop.loss=1, stop.max-steps=3000 stop.loss=2",
        "stop.after-escapes=2, stop.max-steps=4000 stop.rank=1",
        "stop.max-steps=1000, stop.max-steps=2000 stop.minimum=1e-3",
        "stop.max-steps=1000, stop.max-steps=2000 stop.beyond-budget=5",
        "stop.max-steps=1000, stop.max-steps=2000 observe.every-steps=20",
        "stop.max-steps=1000, stop.max-steps=2000 initialization.seed=1"
    })
    void whatIsNotTheBeginningOfARunIsNotTakenForIt(String other, String asked) throws Exception {
        run("both", other);
        String id = run("both", asked.split(" ", -1)).get(0).get("run").asText();
        assertThat(show("both", id).get("extended_from").isNull()).isTrue();
        run("fresh", asked.split(" ", -1));
        assertSame("fresh", "both", id);
    }

    @Test
    void theLongestOfSeveralIsExtended() throws Exception {
        run("out", "stop.max-steps=500");
        String longest = run("out", "stop.max-steps=1500").get(0).get("run").asText();
        run("out", "stop.max-steps=1000");
        String id = run("out", "stop.max-steps=2000").get(0).get("run").asText();
        assertThat(show("out", id).get("extended_from").get("run").asText()).isEqualTo(longest);
    }

    // --- forks ---

    /** C(θ + εv) + C(θ − εv) = 2 C(θ) + λ ε², up to ε⁴; and from either side the run goes on to rank 2. */
    @Test
    void theTwoSidesOfTheMostNegativeEigenvectorHaveItsCurvatureBetweenThem() throws Exception {
        String parent = run("out", "stop.max-steps=4000").get(0).get("run").asText();
        JsonNode saddle = show("out", parent).get("plateaus").get(1);
        double size = 0.01;
        List<JsonNode> forks =
                fork("out", parent, "--at", "plateau:1", "--perturb", "eig:1", "--size", size, "stop.after-escapes=1");
        assertThat(forks).hasSize(2);
        double sum = 0;
        for (JsonNode fork : forks) {
            String id = fork.get("run").asText();
            JsonNode shown = show("out", id);
            assertThat(shown.get("plateaus").get(0).get("start_step")).isEqualTo(saddle.get("deepest_step"));
            assertThat(shown.get("plateaus").get(0).get("rank").asInt()).isEqualTo(1);
            assertThat(shown.get("rank").asInt()).isEqualTo(2);
            assertThat(shown.get("specification").get("fork").get("parent").asText())
                    .isEqualTo(parent);
            assertThat(shown.get("theory").isNull()).isTrue();
            String first = export("out", id)
                    .getOrDefault("snapshots.csv", "")
                    .lines()
                    .toList()
                    .get(1);
            assertThat(first).startsWith(id + "," + saddle.get("deepest_step") + ",");
            sum += Double.parseDouble(first.split(",", -1)[3]);
        }
        double curvature = (sum - 2 * saddle.get("loss").asDouble()) / (size * size);
        double lambda = saddle.get("lambda_min").asDouble();
        assertThat(curvature).isCloseTo(lambda, within(0.01 * Math.abs(lambda)));
        assertThat(StreamSupport.stream(show("out", parent).get("forks").spliterator(), false)
                        .map(JsonNode::asText))
                .containsExactly(
                        forks.get(0).get("run").asText(),
                        forks.get(1).get("run").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {LADDER, FLOW})
    void aForkIsTheSameRunWhereverItIsMade(String text) throws Exception {
        Files.writeString(experiment, text);
        for (String out : List.of("one", "other")) {
            String parent = run(out, "stop.after-escapes=3").get(0).get("run").asText();
            fork(out, parent, "--at", "plateau:1", "--perturb", "random", "--size", "0.1", "--count", "3");
            // again: they have ended, so nothing happens
            fork(out, parent, "--at", "plateau:1", "--perturb", "random", "--size", "0.1", "--count", "3");
        }
        assertThat(export("one")).isEqualTo(export("other"));
        assertThat(export("one").get("runs.csv")).contains("fork.index");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--at plateau:7 --perturb random --size 1 | has no plateau 7 to fork from; it has those from 0 to 2",
                "--at saddle:1 --perturb random --size 1 | --at must be plateau:K",
                "--at plateau:1 --perturb eig:0 --size 1 | eig:J, with J from 1 to 400, or random, but was eig:0",
                "--at plateau:1 --perturb eig:399 --size 1 | directions lead down, so there is no eig:399",
                "--at plateau:0 --perturb eig:1 --size 1 | 0 directions lead down",
                "--at plateau:1 --perturb eig:1 --size 0 | size must be a finite number above 0 but was 0.0",
                "--at plateau:1 --perturb eig:1 --size 1 --count 3 | count must be from 1 to 2, the sides of an eigenvector, but was 3",
                "--at plateau:1 --perturb eig:1 --size 1 --count 0 | count must be from 1 to 2, the sides of an eigenvector, but was 0",
                "--at plateau:1 --perturb random --size 1 --count 0 | count must be from 1 to 10000 but was 0",
                "--at plateau:1 --perturb random --size 1 descent.learning-rate=1 | not descent.learning-rate=1",
                "--at plateau:1 --perturb random --size 1 stop.max-stps=1 | did you mean stop.max-steps"
            })
    void whatCannotBeForkedIsToldAndNothingIsStored(String options, String message) throws Exception {
        String parent = run("out", "stop.after-escapes=3").get(0).get("run").asText();
        var arguments = new ArrayList<Object>(List.of("fork", parent, "--out", directory.resolve("out")));
        arguments.addAll(List.of(options.split(" ", -1)));
        Cli.Result result = Cli.run(arguments.toArray());
        assertThat(result.err()).contains(message);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(Cli.run("runs", "--out", directory.resolve("out")).out().lines())
                .hasSize(2);
    }

    @Test
    void noExperimentFileMayCallItselfAFork() throws Exception {
        Files.writeString(experiment, LADDER + "fork { parent = 0123456789ab }");
        Cli.Result result = Cli.run("run", experiment, "--out", directory.resolve("out"));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("fork.parent is written by saddlefarm fork alone");
    }

    // --- replays ---

    @ParameterizedTest
    @CsvSource({"1000, 1100, 10", "0, 3, 1", "3990, 4000, 5"})
    void aReplayPassesTheStoredRowsAndWritesTheOnesBetween(long from, long to, long every) throws Exception {
        String id = run("out", "stop.max-steps=4000", "observe.every-steps=20")
                .get(0)
                .get("run")
                .asText();
        Cli.Result result = replay("out", id, from, to, every);
        assertThat(result.err()).contains("all the same to the last bit");
        assertThat(result.exitCode()).isZero();
        run("dense", "stop.max-steps=" + Math.max(1, to), "observe.cadence=linear", "observe.every-steps=1");
        List<String> expected = export("dense")
                .getOrDefault("snapshots.csv", "")
                .lines()
                .skip(1)
                .map(line -> line.substring(line.indexOf(',') + 1))
                .filter(line -> wanted(line, from, to, every))
                .toList();
        assertThat(Files.readAllLines(directory.resolve("replay/snapshots.csv")).stream()
                        .skip(1)
                        .map(line -> line.substring(line.indexOf(',') + 1)))
                .containsExactlyElementsOf(expected);
    }

    private static boolean wanted(String line, long from, long to, long every) {
        long step = Long.parseLong(line.substring(0, line.indexOf(',')));
        return step >= from && step <= to && (step - from) % every == 0;
    }

    @Test
    void aReplayBeginsAtTheNearestPlateauAlsoOfGradientFlow() throws Exception {
        Files.writeString(experiment, FLOW);
        String id = run("out", "stop.max-flow-time=20").get(0).get("run").asText();
        JsonNode plateau = show("out", id).get("plateaus").get(2);
        long deepest = plateau.get("deepest_step").asLong();
        Cli.Result result = replay("out", id, deepest + 2, deepest + 20, 1);
        assertThat(result.err()).contains("from the state at step " + deepest).contains("all the same to the last bit");
    }

    @Test
    void aReplayTellsTheCurvatureOfEveryRow() throws Exception {
        String id = run("out", "stop.max-steps=1200").get(0).get("run").asText();
        Cli.run(
                "replay",
                id,
                "--from",
                1000,
                "--to",
                1010,
                "--every",
                5,
                "--curvature",
                "--into",
                directory.resolve("replay"),
                "--out",
                directory.resolve("out"));
        List<String> lines = Files.readAllLines(directory.resolve("replay/curvature.csv"));
        assertThat(lines.get(0)).isEqualTo("run,step,lambda_min,lambda_max");
        assertThat(lines).hasSize(4);
    }

    /** Another machine's bits, or another hand's. */
    @Test
    void aReplayThatComesOutDifferentlySaysSoAndLeavesNothing() throws Exception {
        String id = run("out", "stop.max-steps=1000").get(0).get("run").asText();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("out/saddlefarm.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE snapshot SET loss = loss + 1e-15 WHERE step = 500");
        }
        Cli.Result result = replay("out", id, 400, 600, 1);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("at step 500 run " + id);
        assertThat(directory.resolve("replay/snapshots.csv")).doesNotExist();
    }

    /** In the directory that the command is given in, where nothing is written over. */
    @Test
    void aReplayThatIsNotToldWhereIsWrittenBesideAndReplacesNone() throws Exception {
        String id = run("out", "stop.max-steps=200").get(0).get("run").asText();
        Path tables = Path.of("replay-" + id);
        Object[] command = {"replay", id, "--from", 100, "--to", 200, "--every", 10, "--out", directory.resolve("out")};
        try {
            Cli.Result first = Cli.run(command);
            assertThat(first.exitCode()).as(first.err()).isZero();
            assertThat(first.err()).contains("11 rows of run %s written to %s;".formatted(id, tables));
            Map<String, String> written = TextFiles.in(tables);
            assertThat(written).containsOnlyKeys("snapshots.csv", "singular_values.csv");

            Cli.Result again = Cli.run(command);
            assertThat(again.exitCode()).isEqualTo(2);
            assertThat(again.err()).contains(tables + " holds a replay already; --into DIR says where to write");
            assertThat(TextFiles.in(tables)).isEqualTo(written);

            var into = new ArrayList<>(List.of(command));
            into.addAll(List.of("--into", tables, "--every", 50));
            into.subList(6, 8).clear(); // --every 10
            assertThat(Cli.run(into.toArray()).err()).contains("3 rows of run %s written to %s;".formatted(id, tables));
        } finally {
            for (String name : List.of("snapshots.csv", "singular_values.csv", "")) {
                Files.deleteIfExists(tables.resolve(name));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--from 1001 | --from must be from 0 to 1000",
                "--from 10 --to 5 | --to must be from 10 to 1000",
                "--from 10 --every 0 | --every must be at least 1"
            })
    void stepsThatThereAreNotAreTold(String options, String message) throws Exception {
        String id = run("out", "stop.max-steps=1000").get(0).get("run").asText();
        var arguments = new ArrayList<Object>(
                List.of("replay", id, "--out", directory.resolve("out"), "--into", directory.resolve("replay")));
        arguments.addAll(List.of(options.split(" ", -1)));
        Cli.Result result = Cli.run(arguments.toArray());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    // --- commands ---

    private List<JsonNode> run(String out, String... overrides) throws IOException {
        var arguments = new ArrayList<Object>(
                List.of("run", experiment, "--out", directory.resolve(out), "--no-progress", "--json"));
        arguments.addAll(List.of(overrides));
        return runs(Cli.run(arguments.toArray()));
    }

    private List<JsonNode> fork(String out, String parent, Object... options) throws IOException {
        var arguments = new ArrayList<Object>(
                List.of("fork", parent, "--out", directory.resolve(out), "--no-progress", "--json"));
        arguments.addAll(List.of(options));
        return runs(Cli.run(arguments.toArray()));
    }

    private static List<JsonNode> runs(Cli.Result result) throws IOException {
        assertThat(result.exitCode()).as(result.err()).isZero();
        return StreamSupport.stream(JSON.readTree(result.out()).get("runs").spliterator(), false)
                .toList();
    }

    private JsonNode show(String out, String id) throws IOException {
        Cli.Result result = Cli.run("show", id, "--out", directory.resolve(out), "--json");
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    private Cli.Result replay(String out, String id, long from, long to, long every) {
        return Cli.run(
                "replay",
                id,
                "--from",
                from,
                "--to",
                to,
                "--every",
                every,
                "--into",
                directory.resolve("replay"),
                "--out",
                directory.resolve(out));
    }

    /** The exports of one run from two directories. */
    private void assertSame(String expected, String other, String id) throws IOException {
        assertThat(export(other, id)).isEqualTo(export(expected, id));
    }

    private Map<String, String> export(String out) throws IOException {
        return Cli.export(directory.resolve(out), directory.resolve("csv-of-" + out));
    }

    private Map<String, String> export(String out, String id) throws IOException {
        Path to = directory.resolve("csv-" + out);
        Cli.Result result =
                Cli.run("export", "--out", directory.resolve(out), "--run", id, "--format", "csv", "--to", to);
        assertThat(result.exitCode()).as(result.err()).isZero();
        var files = new TreeMap<String, String>();
        try (var paths = Files.list(to)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        return files;
    }
}
