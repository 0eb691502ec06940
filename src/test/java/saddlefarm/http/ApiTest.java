package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static saddlefarm.http.ServedFarm.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.Json;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.Deaf;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunDocument;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredFinding;

/** The API over sockets, of a farm that trains into a real store. */
class ApiTest {

    private static final String LADDER = ServedFarm.LADDER + """
            stop { max-steps = 20000, loss = 1e-8 }
            observe { every-steps = 5 }
            sweep { initialization.seed = [0, 1] }
            """;

    /** Trains until it is told otherwise. */
    private static final String ENDLESS = """
            name = %s
            network { depth = 2, width = 4 }
            data { source = circle-toy }
            descent { learning-rate = 1e-9 }
            stop { max-steps = 100000000000 }
            observe { cadence = linear, every-steps = 10000000 }
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path directory;

    private static ServedFarm farm;
    private static List<RunSpec> ladder;

    @BeforeAll
    static void train() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("X.txt"), "1 2 3\n4 5 6\n");
        Files.writeString(data.resolve("T.txt"), "1 2 3\n");
        Files.writeString(directory.resolve("secret.txt"), "1 2 3\n4 5 6\n");
        Files.createSymbolicLink(data.resolve("link.txt"), directory.resolve("secret.txt"));
        farm = new ServedFarm(directory.resolve("out"), new ApiSettings(100_000, 50, 10, Set.of(), data, null), true);
        ladder = Experiment.parse(LADDER, "ladder", directory, List.of()).runs();
        submit(LADDER);
        for (RunSpec run : ladder) {
            farm.until(run.id(), RunStatus.COMPLETED);
        }
        farm.store().register(TestRuns.specs("listed", 7));
    }

    @AfterAll
    static void shutDown() {
        farm.close();
    }

    // --- reading ---

    @Test
    void aRunIsWhatShowPrints() throws Exception {
        String id = ladder.get(0).id();
        HttpResponse<String> response = farm.get("/runs/" + id.substring(0, 10));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        // Theory may come any time after the run's end, so it is left out on both sides.
        assertThat(withoutTheory(json(response)))
                .isEqualTo(withoutTheory(JSON.readTree(Json.text(RunDocument.full(farm.store(), summary(id))))));
        assertThat(json(response).get("plateaus")).hasSize(5);
    }

    private static JsonNode withoutTheory(JsonNode run) {
        return JSON.createArrayNode()
                .add(run.get("run"))
                .add(run.get("status"))
                .add(run.get("specification"))
                .add(run.get("transitions"))
                .add(run.get("loss"));
    }

    @Test
    void runsComePageByPageInOrderOfTheirIds() throws Exception {
        List<String> ids = new ArrayList<>();
        JsonNode page;
        String after = "";
        do {
            page = farm.document("/runs?experiment=listed&limit=3&after=" + after);
            assertThat(page.get("runs").size()).isBetween(1, 3);
            page.get("runs").forEach(run -> ids.add(run.get("run").asText()));
            after = page.get("next").asText();
        } while (!page.get("next").isNull());
        assertThat(ids)
                .isEqualTo(TestRuns.specs("listed", 7).stream()
                        .map(RunSpec::id)
                        .sorted()
                        .toList());
    }

    /** Nobody is sent for a page that is empty. */
    @Test
    void aPageThatHoldsTheRestHasNoNext() throws Exception {
        assertThat(farm.document("/runs?experiment=listed&limit=7").get("next").isNull())
                .isTrue();
        List<StoredFinding> findings = farm.store().findings(0, 100);
        long after = findings.get(findings.size() - 6).sequence();
        assertThat(farm.document("/findings?limit=5&after=" + after).get("next").isNull())
                .isTrue();
        assertThat(farm.document("/findings?limit=4&after=" + after).get("next").asLong())
                .isEqualTo(findings.get(findings.size() - 2).sequence());
    }

    @Test
    void runsAreChosenByExperimentAndStatus() throws Exception {
        assertThat(ids(farm.document("/runs?experiment=ladder&status=completed")))
                .containsExactlyInAnyOrderElementsOf(ids(ladder));
        assertThat(ids(farm.document("/runs?experiment=ladder&status=paused"))).isEmpty();
        assertThat(ids(farm.document("/runs?experiment=nobody"))).isEmpty();
        assertThat(ids(farm.document("/runs?status=completed"))).containsAll(ids(ladder));
    }

    @Test
    void rowsAreThoseOfTheStoreColumnByColumn() throws Exception {
        String id = ladder.get(0).id();
        List<Snapshot> rows = rows(id);
        JsonNode document = farm.document("/runs/%s/snapshots?points=10000".formatted(id));
        assertThat(doubles(document.get("loss")))
                .isEqualTo(rows.stream().map(Snapshot::loss).toList());
        assertThat(doubles(document.get("flow_time")))
                .isEqualTo(rows.stream().map(Snapshot::flowTime).toList());
        assertThat(doubles(document.get("gradient_norm")))
                .isEqualTo(rows.stream().map(Snapshot::gradientNorm).toList());
        assertThat(doubles(document.get("parameter_norm")))
                .isEqualTo(rows.stream().map(Snapshot::parameterNorm).toList());
        assertThat(document.get("step")).hasSameSizeAs(document.get("rank")).hasSize(rows.size());

        JsonNode thinned = farm.document("/runs/%s/snapshots?points=20&from=100".formatted(id));
        assertThat(thinned.get("step").size()).isBetween(5, 20);
        assertThat(thinned.get("step").get(0).asLong()).isGreaterThanOrEqualTo(100);
        assertThat(thinned.get("step").get(thinned.get("step").size() - 1).asLong())
                .isEqualTo(rows.get(rows.size() - 1).step());
    }

    @Test
    void singularValuesAreOfTheSameRows() throws Exception {
        String id = ladder.get(0).id();
        JsonNode rows = farm.document("/runs/%s/snapshots?points=50".formatted(id));
        JsonNode all = farm.document("/runs/%s/singular-values?points=50".formatted(id));
        JsonNode second = farm.document("/runs/%s/singular-values?points=50&layer=2".formatted(id));
        assertThat(all.get("step")).isEqualTo(rows.get("step"));
        assertThat(all.get("layers")).hasSize(2);
        assertThat(second.get("layers")).hasSize(1);
        assertThat(second.get("layers").get(0)).isEqualTo(all.get("layers").get(1));
        Snapshot last = rows(id).get(rows(id).size() - 1);
        JsonNode values = second.get("layers").get(0).get("values");
        assertThat(values.get(values.size() - 1).get(0).asDouble())
                .isEqualTo(last.spectra().value(2, 1));
        assertThat(values.get(values.size() - 1)).hasSize(last.spectra().count(2));
    }

    @Test
    void findingsAreWalkedThroughWithoutLossOrRepetition() throws Exception {
        List<JsonNode> findings = new ArrayList<>();
        long after = 0;
        JsonNode page;
        do {
            page = farm.document("/findings?limit=4&after=" + after);
            assertThat(page.get("findings").size()).isBetween(1, 4);
            page.get("findings").forEach(findings::add);
            after = page.get("next").asLong();
        } while (!page.get("next").isNull());
        assertThat(findings)
                .extracting(finding -> finding.get("sequence").asLong())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(findings).extracting(finding -> finding.get("id").asText()).doesNotHaveDuplicates();
        for (RunSpec run : ladder) {
            assertThat(findings)
                    .filteredOn(finding -> finding.get("run").asText().equals(run.id()))
                    .extracting(finding -> finding.get("finding").asText() + " "
                            + finding.get(finding.get("finding").asText()).asInt())
                    .containsExactly(
                            "plateau 0",
                            "transition 1",
                            "plateau 1",
                            "transition 2",
                            "plateau 2",
                            "transition 3",
                            "plateau 3",
                            "transition 4",
                            "plateau 4");
        }
    }

    @Test
    void aBeginningOfSeveralIdsNamesThem() throws Exception {
        List<String> ids = farm.store().runs().stream().map(RunSummary::id).toList();
        String prefix = ids.stream()
                .map(id -> id.substring(0, 1))
                .filter(first -> ids.stream().filter(id -> id.startsWith(first)).count() > 1)
                .findFirst()
                .orElseThrow();
        HttpResponse<String> response = farm.get("/runs/" + prefix);
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(StreamSupport.stream(json(response).get("candidates").spliterator(), false)
                        .map(JsonNode::asText))
                .containsExactlyElementsOf(
                        ids.stream().filter(id -> id.startsWith(prefix)).toList());
        for (String parameter : List.of("run", "spectra")) {
            assertThat(farm.eventLines("?%s=%s".formatted(parameter, prefix)).statusCode())
                    .as(parameter)
                    .isEqualTo(409);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/runs?statu=running | statu is no parameter of /runs; did you mean status?",
                "/runs?status=happy | status must be one of queued, running, paused, completed, diverged, failed, cancelled but was happy",
                "/runs?limit=0 | limit must be a whole number from 1 to 10000 but was 0",
                "/runs?limit=1e3 | limit must be a whole number from 1 to 10000 but was 1e3",
                "/runs?limit=1&limit=2 | limit is given 2 times",
                "/findings?after=x | after must be a whole number from 0 to 9223372036854775807 but was x",
                "/findings?limit=0 | limit must be a whole number from 1 to 10000 but was 0",
                "/runs/RUN/snapshots?points=9 | points must be a whole number from 10 to 10000 but was 9",
                "/runs/RUN/snapshots?points=10001 | points must be a whole number from 10 to 10000 but was 10001",
                "/runs/RUN/singular-values?layer=3 | layer must be from 1 to 2 but was 3",
                "/runs/RUN?x=1 | x is no parameter of /runs/{run}"
            })
    void whatMakesNoSenseIsToldByName(String path, String detail) throws Exception {
        HttpResponse<String> response =
                farm.get(path.replace("RUN", ladder.get(0).id()));
        assertProblem(response, 400, detail);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/runs/zz",
                "/runs/%2e%2e%2fetc",
                "/runs/%00",
                "/runs/'%20OR%201=1--",
                "/runs/%F0%9F%92%A5",
                "/runs/0123456789abcdef",
                "/nothing",
                "/runs/zz/snapshots/more"
            })
    void whatThereIsNotIsNotFound(String path) throws Exception {
        assertThat(farm.get(path).statusCode()).isEqualTo(404);
        assertThat(json(farm.get(path)).get("detail").asText()).isNotBlank();
    }

    @Test
    void anotherMethodIsToldWhichThereAre() throws Exception {
        HttpResponse<String> response = farm.post("/runs");
        assertThat(response.headers().firstValue("Allow")).contains("GET");
        assertProblem(response, 405, "/api/v1/runs is for GET");
        assertThat(farm.get("/runs/%s/pause".formatted(ladder.get(0).id())).statusCode())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | GET /api/v1/runs/% HTTP/1.1; Host: localhost",
                "400 | GET /api/v1/runs?status=%zz HTTP/1.1; Host: localhost",
                "400 | GET /api/v1/runs HTTP/1.1; Accept: */*",
                "400 | POST /api/v1/experiments HTTP/1.1; Host: localhost; Content-Length: many",
                "414 | GET /api/v1/LONG HTTP/1.1; Host: localhost",
                "431 | GET /api/v1/runs HTTP/1.1; Host: localhost; Cookie: LONG",
                "501 | BREW /api/v1/runs HTTP/1.1; Host: localhost",
                "505 | GET /api/v1/runs HTTP/3.0; Host: localhost"
            })
    void whatIsNoRequestIsAProblemToo(int status, String request) throws Exception {
        String answer = farm.raw(
                request.replace("LONG", "x".repeat(70_000)).replace("; ", "\r\n") + "\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("\r\nContent-Type: application/problem+json\r\n", "\"status\":" + status);
    }

    // --- submitting ---

    @Test
    void theSameBodyGivesTheSameIdsAndTrainsNothingTwice() throws Exception {
        long epoch = epoch();
        HttpResponse<String> again = farm.post("/experiments", "application/hocon", LADDER);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(ids(json(again))).isEqualTo(ids(ladder));
        assertThat(json(again).get("runs"))
                .allSatisfy(run -> assertThat(run.get("status").asText()).isEqualTo("completed"));
        // A run that is claimed has a new epoch; one that is asked for afterwards is claimed after those before.
        submitAndComplete("name = witness-of-epochs");
        assertThat(epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void jsonAndPlainTextAndOverridesAreTheSameExperiment() throws Exception {
        String json = """
                {"name": "forms", "network": {"depth": 2, "width": 3}, "data": {"source": "circle-toy"},
                 "descent": {"learning-rate": 0.1}, "stop": {"max-steps": 20}}
                """;
        List<String> first = ids(json(farm.post("/experiments", "application/json", json)));
        assertThat(first).hasSize(1);
        assertThat(ids(json(farm.post("/experiments", "text/plain; charset=utf-8", json))))
                .isEqualTo(first);
        assertThat(ids(json(farm.post(
                        "/experiments?set=name%3Dforms&set=stop.max-steps%3D20",
                        "application/hocon", json.replace("forms", "other").replace("20", "30")))))
                .isEqualTo(first);
        farm.until(first.get(0), RunStatus.COMPLETED);
    }

    @Test
    void aRunThatFailedIsTriedAgain() throws Exception {
        RunSpec run = TestRuns.specs("failed", 1).get(0);
        farm.store().register(List.of(run));
        farm.store().setStatus(run.id(), farm.store().claim(run).epoch(), RunStatus.FAILED, "a disk");
        List<String> ids = ids(json(farm.post("/experiments", "application/json", run.specification())));
        assertThat(ids).containsExactly(run.id());
        farm.until(run.id(), RunStatus.COMPLETED);
    }

    @Test
    void filesOfTheDataDirectoryMayBeUsedAndNoOthers() throws Exception {
        String text = """
                name = files
                network { depth = 2, width = 3 }
                data { source = files, inputs = "%s", targets = T.txt }
                descent { learning-rate = 0.001 }
                stop { max-steps = 20 }
                """;
        List<String> ids = ids(json(farm.post("/experiments", "application/hocon", text.formatted("X.txt"))));
        farm.until(ids.get(0), RunStatus.COMPLETED);
        for (String path :
                List.of("../secret.txt", directory.resolve("secret.txt").toString(), "link.txt", "/etc/passwd")) {
            HttpResponse<String> response = farm.post("/experiments", "application/hocon", text.formatted(path));
            assertProblem(response, 400, "only files in the data directory may be used: " + path);
        }
        assertProblem(
                farm.post("/experiments", "application/hocon", text.formatted("Y.txt")), 400, "no such file: Y.txt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "set=descent.learnin-rate%3D1 | descent.learnin-rate is not a key; did you mean descent.learning-rate? (command line: descent.learnin-rate=1)",
                "set=descent.learning-rate%3D-1 | descent.learning-rate must be above 0 but was -1",
                "set=sweep.initialization.seed%3Drange(0%2C51) | an experiment may have at most 50 runs but the sweep has 51",
                "set=x | an override must be key=value but was x",
                "sett=x | sett is no parameter of /experiments; did you mean set?"
            })
    void experimentsThatCannotBeRunAreToldAsTheCommandLineTellsThem(String query, String detail) throws Exception {
        long runs = farm.store().runs().size();
        assertProblem(farm.post("/experiments?" + query, "application/hocon", ENDLESS.formatted("wrong")), 400, detail);
        assertThat(farm.store().runs()).hasSize((int) runs);
    }

    @Test
    void bodiesThatAreNoExperimentsAreToldSo() throws Exception {
        assertProblem(farm.post("/experiments", "application/hocon", ""), 400, "name is missing (request)");
        assertProblem(farm.post("/experiments", "application/json", "{\"name\": "), 400, "(request: 1)");
        assertProblem(farm.post("/experiments", "application/hocon", "[".repeat(50_000)), 400, "request");
        assertProblem(
                farm.post("/experiments", "application/hocon", BodyPublishers.ofByteArray(new byte[] {
                    (byte) 0xff, (byte) 0xfe, 0
                })),
                400,
                "not a text in UTF-8");
        assertProblem(farm.post("/experiments", "application/hocon", "include \"/etc/passwd\""), 400, "cannot include");
        assertProblem(
                farm.post("/experiments", "application/xml", LADDER),
                415,
                "Content-Type must be application/hocon or application/json or text/plain but was application/xml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name = wrong | JSON",
                "{name: wrong} | JSON",
                "{\"name\": \"wrong\",} | a close brace }",
                "{\"name\": \"wrong\"} // comment | JSON",
                "{\"name\": \"wrong\"} {} | trailing tokens",
                "{\"name\": \"wrong\", \"stop\": ${data}} | JSON",
                "{\"name\": \"wrong\", \"name\": \"other\"} | duplicate fields: 'name'",
                "{\"stop\": {\"max-steps\": 1, \"max-steps\": 2}} | duplicate fields: 'max-steps'"
            })
    void aBodyThatIsCalledJsonIsJson(String body, String detail) throws Exception {
        HttpResponse<String> response = farm.post("/experiments", "application/json", body);
        assertProblem(response, 400, detail);
        assertThat(json(response).get("detail").asText()).contains("(request: 1)");
    }

    @Test
    void anExperimentThatDoesNotFitIntoTheMemoryIsToldAndNothingOfItIsStored() throws Exception {
        assertProblem(
                farm.post(
                        "/experiments",
                        "application/hocon",
                        LADDER + "\nname = huge, sweep { network.widths = [[10, 20, 10], [10, 2000, 2000, 10]] }"),
                400,
                "it needs about 421 MB of memory and may need 100 MB at most (farm.max-memory)");
        assertThat(ids(farm.document("/runs?experiment=huge"))).isEmpty();
    }

    /** Its beginning would be another one's, and its id a lie. */
    @Test
    void aForkIsMadeOfItsParentAlone() throws Exception {
        String specification = "{\"arithmetic\":%s,%s"
                .formatted(
                        JSON.readTree(ladder.get(0).specification()).get("arithmetic"),
                        ladder.get(0).specification().substring(1).replaceFirst("\"arithmetic\":[0-9]+,", ""));
        String fork = "&set=fork.parent%3D" + ladder.get(0).id()
                + "&set=fork.plateau%3D1&set=fork.perturb%3Drandom&set=fork.size%3D1&set=fork.index%3D0";
        assertProblem(
                farm.post("/experiments?set=name%3Dfork" + fork, "application/json", specification),
                400,
                "a fork is made of its parent");
    }

    @Test
    void bodiesBeyondTheBoundAreRefusedWhetherTheyTellTheirLengthOrNot() throws Exception {
        String large = LADDER + "#".repeat(100_000);
        assertProblem(
                farm.post("/experiments", "application/hocon", large), 413, "a body may have at most 100000 bytes");
        assertProblem(
                farm.post(
                        "/experiments",
                        "application/hocon",
                        BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8)))),
                413,
                "a body may have at most 100000 bytes");
    }

    /** Told before the body comes; Akka has a bound of 8 MiB of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"100001", "9000000", "9223372036854775807"})
    void aBodyThatIsSaidToBeBeyondTheBoundIsRefused(String length) throws Exception {
        String answer = farm.last(("POST /api/v1/experiments HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/hocon\r\nContent-Length: %s\r\n\r\n".formatted(length))
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .contains("application/problem+json", "a body may have at most 100000 bytes (http.max-body)");
    }

    @Test
    void aBodyMayHaveAsManyBytesAsTheBoundAndNoMore() throws Exception {
        String bytes = "#".repeat(100_000 - 1 - LADDER.length());
        assertThat(farm.post("/experiments", "application/hocon", LADDER + "\n" + bytes)
                        .statusCode())
                .isEqualTo(202);
        assertProblem(
                farm.post("/experiments", "application/hocon", LADDER + "\n#" + bytes),
                413,
                "a body may have at most 100000 bytes");
    }

    // --- orders ---

    @Test
    void aRunIsPausedResumedAndCancelled() throws Exception {
        String run = submit(ENDLESS.formatted("orders")).get(0);
        farm.until(run, RunStatus.RUNNING);
        assertThat(farm.post("/runs/%s/pause".formatted(run)).statusCode()).isEqualTo(202);
        farm.until(run, RunStatus.PAUSED);
        assertThat(ids(json(farm.post("/experiments", "application/hocon", ENDLESS.formatted("orders")))))
                .containsExactly(run);
        assertThat(summary(run).status()).isEqualTo(RunStatus.PAUSED);
        assertThat(farm.post("/runs/%s/pause".formatted(run)).statusCode()).isEqualTo(202);

        assertThat(farm.post("/runs/%s/resume".formatted(run)).statusCode()).isEqualTo(202);
        farm.until(run, RunStatus.RUNNING);
        assertThat(farm.post("/runs/%s/cancel".formatted(run)).statusCode()).isEqualTo(202);
        farm.until(run, RunStatus.CANCELLED);
        assertThat(farm.post("/runs/%s/cancel".formatted(run)).statusCode()).isEqualTo(202);
        assertProblem(
                farm.post("/runs/%s/pause".formatted(run)),
                409,
                "run %s is cancelled; there is nothing to pause".formatted(run));

        assertThat(farm.post("/runs/%s/resume".formatted(run)).statusCode()).isEqualTo(202);
        farm.until(run, RunStatus.RUNNING);
        farm.post("/runs/%s/cancel".formatted(run));
        farm.until(run, RunStatus.CANCELLED);
    }

    @Test
    void ofTwoOrdersTheLaterPrevailsThoughTheFirstIsNotDoneYet() throws Exception {
        String run = submit(ENDLESS.formatted("hasty")).get(0);
        farm.until(run, RunStatus.RUNNING);
        for (int i = 0; i < 5; i++) {
            farm.post("/runs/%s/pause".formatted(run));
            farm.post("/runs/%s/resume".formatted(run));
        }
        farm.post("/runs/%s/pause".formatted(run));
        farm.until(run, RunStatus.PAUSED);
        farm.post("/runs/%s/cancel".formatted(run));
        farm.until(run, RunStatus.CANCELLED);
    }

    @Test
    void allRunsOfAnExperimentArePausedResumedAndCancelled() throws Exception {
        String name = "whole%20%2F%20experiment";
        List<String> runs = submit(ENDLESS.formatted("\"whole / experiment\"")
                + "sweep { initialization.seed = \"range(0, 12)\" }"); // more than may train at once
        assertThat(runs).hasSize(12);
        assertThat(ids(json(farm.post("/experiments/%s/pause".formatted(name)))))
                .containsExactlyInAnyOrderElementsOf(runs);
        runs.forEach(run -> farm.until(run, RunStatus.PAUSED));
        farm.post("/runs/%s/cancel".formatted(runs.get(0)));
        farm.until(runs.get(0), RunStatus.CANCELLED);
        assertThat(ids(json(farm.post("/experiments/%s/pause".formatted(name)))))
                .containsExactlyInAnyOrderElementsOf(runs.subList(1, 12));
        farm.post("/experiments/%s/cancel".formatted(name));
        runs.forEach(run -> farm.until(run, RunStatus.CANCELLED));
        assertProblem(
                farm.post("/experiments/%s/pause".formatted(name)),
                409,
                "all 12 runs of whole / experiment have ended; there is nothing to pause");
        assertProblem(farm.post("/experiments/nobody/pause"), 404, "no experiment is called nobody");
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETED, pause",
        "DIVERGED, pause",
        "FAILED, pause",
        "CANCELLED, pause",
        "COMPLETED, resume",
        "DIVERGED, resume",
        "COMPLETED, cancel",
        "DIVERGED, cancel",
        "FAILED, cancel"
    })
    void aRunThatHasEndedTakesNoOrdersThatDoNotSuitIt(RunStatus status, String order) throws Exception {
        RunSpec run = TestRuns.specs("ended-" + status.label() + "-" + order, 1).get(0);
        farm.store().register(List.of(run));
        farm.store().setStatus(run.id(), farm.store().claim(run).epoch(), status, null);
        assertProblem(
                farm.post("/runs/%s/%s".formatted(run.id(), order)),
                409,
                "run %s is %s; there is nothing to %s".formatted(run.id(), status.label(), order));
    }

    @Test
    void aRunThatThisVersionComputesInAnotherWayTakesNoOrders() throws Exception {
        RunSpec now = TestRuns.specs("older", 1).get(0);
        RunSpec run = TestRuns.respecified(now, now.specification().replace("\"arithmetic\":", "\"arithmetic\":1"));
        farm.store().register(List.of(run));
        assertProblem(
                farm.post("/runs/%s/resume".formatted(run.id())),
                409,
                "run %s cannot be taken up: arithmetic must be".formatted(run.id()));
    }

    @Test
    void aRunIsForkedAtAPlateauAndTheForksAreTrained() throws Exception {
        String parent = ladder.get(0).id();
        String body =
                "{\"plateau\": 1, \"perturb\": \"eig:1\", \"size\": 1e-2, \"overrides\": [\"stop.after-escapes=1\"]}";
        HttpResponse<String> response = farm.post("/runs/%s/fork".formatted(parent), "application/json", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        List<String> forks = ids(json(response));
        assertThat(forks).hasSize(2).isEqualTo(farm.store().forks(parent));
        assertThat(ids(json(farm.post("/runs/%s/fork".formatted(parent), "application/json", body))))
                .isEqualTo(forks);
        forks.forEach(fork -> farm.until(fork, RunStatus.COMPLETED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | plateau must be a whole number from 0 to 2147483647 but was missing",
                "{\"plateau\": 1} | perturb must be a text but was missing",
                "{\"plateau\": 1, \"perturb\": \"random\"} | size must be a number but was missing",
                "null | the body must be one JSON object",
                "[] | the body must be one JSON object",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1} {} | the body must be one JSON object",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, } | the body cannot be read as JSON (line 1, column ",
                "{\"plateau\": | the body cannot be read as JSON (line 1, column 12)",
                "{\"plateu\": 1} | plateu is not a key; did you mean plateau?",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, \"plateau\": 0} | plateau is given twice",
                "{\"plateau\": 1.5} | plateau must be a whole number from 0 to 2147483647 but was 1.5",
                "{\"plateau\": \"1\"} | plateau must be a whole number from 0 to 2147483647 but was \"1\"",
                "{\"plateau\": null} | plateau must be a whole number from 0 to 2147483647 but was null",
                "{\"plateau\": -1} | plateau must be a whole number from 0 to 2147483647 but was -1",
                "{\"plateau\": 2147483648} | plateau must be a whole number from 0 to 2147483647 but was 2147483648",
                "{\"plateau\": 9, \"perturb\": \"random\", \"size\": 1} | has no plateau 9 to fork from; it has those from 0 to 4",
                "{\"plateau\": 1, \"perturb\": true} | perturb must be a text but was true",
                "{\"plateau\": 1, \"perturb\": \"north\"} | perturb must be eig:J, with J from 1 to 400, or random, but was north",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": \"1\"} | size must be a number but was \"1\"",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 0} | size must be a finite number above 0 but was 0.0",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1e999} | size must be a finite number above 0 but was Infinity",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, \"count\": 1.9} | count must be a whole number from 1 to 2147483647 but was 1.9",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, \"count\": 0} | count must be a whole number from 1 to 2147483647 but was 0",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, \"count\": null} | count must be a whole number from 1 to 2147483647 but was null",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, \"count\": 10001} | count must be from 1 to 10000 but was 10001",
                "{\"plateau\": 1, \"perturb\": \"eig:1\", \"size\": 1, \"count\": 3} | count must be from 1 to 2, the sides of an eigenvector, but was 3",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, \"overrides\": \"stop.rank=2\"} | overrides must be a list of texts but was \"stop.rank=2\"",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, \"overrides\": [null]} | overrides must be a list of texts but was [null]",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, \"overrides\": [\"stop.rank=2\", 3]} | overrides must be a list of texts but was [\"stop.rank=2\",3]",
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1, \"overrides\": [\"name=x\"]} | not name=x"
            })
    void forksThatThereAreNotAreTold(String body, String detail) throws Exception {
        int runs = farm.store().runs().size();
        assertProblem(farm.post("/runs/%s/fork".formatted(ladder.get(0).id()), "application/json", body), 400, detail);
        assertThat(farm.store().runs()).hasSize(runs);
    }

    /** Beyond what the reader of JSON takes. */
    @Test
    void aForkThatIsNestedTooDeeplyIsNotRead() throws Exception {
        String body = "{\"overrides\": %s".formatted("[".repeat(10_000));
        assertProblem(
                farm.post("/runs/%s/fork".formatted(ladder.get(0).id()), "application/json", body),
                400,
                "the body cannot be read as JSON");
    }

    @Test
    void aForkIsJson() throws Exception {
        assertProblem(
                farm.post("/runs/%s/fork".formatted(ladder.get(0).id()), "text/plain", "{}"),
                415,
                "Content-Type must be application/json but was text/plain");
    }

    @Test
    void overridesMayBeLong() throws Exception {
        String name = "n".repeat(20_000);
        assertProblem(
                farm.post("/experiments?set=stop.max-stepz%3D" + name, "application/hocon", LADDER),
                400,
                "did you mean stop.max-steps?");
    }

    @Test
    void noOtherVersionOfTheApiIsServed() throws Exception {
        assertProblem(
                ServedFarm.send(farm.request("/api/v2/runs")),
                404,
                "there is nothing at /api/v2/runs; see /api/v1/openapi.json");
        assertProblem(ServedFarm.send(farm.request("/api")), 404, "there is nothing at /api;");
    }

    // --- the description ---

    @Test
    void everyRouteIsDescribedAndEveryPathThatIsDescribedIsServed() throws Exception {
        Set<String> described = new TreeSet<>();
        JsonNode description = farm.document("/openapi.json");
        description.get("paths").fieldNames().forEachRemaining(path -> {
            JsonNode methods = description.get("paths").get(path);
            methods.fieldNames()
                    .forEachRemaining(method -> described.add("%s %s %s"
                            .formatted(
                                    method.toUpperCase(Locale.ROOT),
                                    path,
                                    queryParameters(description, methods.get(method)))));
        });
        Set<String> served = new Api(
                        new Reading(() -> farm.store()),
                        new Asking(new Reading(() -> farm.store()), null, ServedFarm.OPEN),
                        new EventStream(
                                farm.system(),
                                new EventFeed(new NoBoard(), new Deaf()),
                                new Reading(() -> farm.store()),
                                1))
                .endpoints().stream()
                        .map(endpoint -> "%s %s %s"
                                .formatted(
                                        endpoint.method().value(),
                                        endpoint.path(),
                                        new TreeSet<>(endpoint.parameters())))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(served);
        for (String path : described) {
            String[] words = path.split(" ", 3);
            if (words[1].equals("/events")) {
                continue; // goes on for ever; EventStreamTest reads it
            }
            HttpResponse<String> response = words[0].equals("GET")
                    ? farm.get(words[1].replaceAll("\\{.*?}", "none"))
                    : farm.post(words[1].replaceAll("\\{.*?}", "none"));
            assertThat(response.body()).as(path).doesNotContain("there is nothing at");
            assertThat(response.statusCode()).as(path).isNotEqualTo(405).isLessThan(500);
        }
    }

    private static Set<String> queryParameters(JsonNode description, JsonNode operation) {
        var names = new TreeSet<String>();
        for (JsonNode parameter : operation.path("parameters")) {
            JsonNode resolved = parameter.has("$ref")
                    ? description.at(parameter.get("$ref").asText().substring(1))
                    : parameter;
            assertThat(resolved.isMissingNode()).as(parameter.toString()).isFalse();
            if (resolved.get("in").asText().equals("query")) {
                names.add(resolved.get("name").asText());
            }
        }
        return names;
    }

    @Test
    void answersHaveTheMembersThatAreDescribed() throws Exception {
        JsonNode description = farm.document("/openapi.json");
        String id = ladder.get(0).id();
        assertMembers(description, "RunPage", farm.document("/runs"));
        assertMembers(
                description, "RunSummary", farm.document("/runs").get("runs").get(0));
        assertMembers(description, "Run", farm.document("/runs/" + id));
        assertMembers(description, "Snapshots", farm.document("/runs/%s/snapshots".formatted(id)));
        assertMembers(description, "SingularValues", farm.document("/runs/%s/singular-values".formatted(id)));
        assertMembers(description, "FindingPage", farm.document("/findings"));
        assertMembers(description, "Problem", farm.document("/runs/none"));
    }

    private static void assertMembers(JsonNode description, String schema, JsonNode document) {
        JsonNode required = description.at("/components/schemas/%s/required".formatted(schema));
        assertThat(required.size()).as(schema).isPositive();
        for (JsonNode member : required) {
            assertThat(document.has(member.asText()))
                    .as("%s has %s", schema, member)
                    .isTrue();
        }
        if (!schema.equals("Run")) { // show's document, whose members are the command line's
            document.fieldNames()
                    .forEachRemaining(name -> assertThat(description
                                    .at("/components/schemas/%s/properties/%s".formatted(schema, name))
                                    .isMissingNode())
                            .as("%s of %s is described", name, schema)
                            .isFalse());
        }
    }

    // --- tools ---

    private static List<String> submit(String experiment) throws Exception {
        HttpResponse<String> response = farm.post("/experiments", "application/hocon", experiment);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return ids(json(response));
    }

    private static void submitAndComplete(String name) throws Exception {
        String run = submit(name + "\n" + """
                network { depth = 2, width = 3 }
                data { source = circle-toy }
                descent { learning-rate = 0.1 }
                stop { max-steps = 20 }
                """).get(0);
        farm.until(run, RunStatus.COMPLETED);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String detail) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(response).get("status").asInt()).isEqualTo(status);
        assertThat(json(response).get("detail").asText()).contains(detail);
    }

    private static List<String> ids(JsonNode document) {
        return StreamSupport.stream(document.get("runs").spliterator(), false)
                .map(run -> run.get("run").asText())
                .toList();
    }

    private static List<String> ids(List<RunSpec> runs) {
        return runs.stream().map(RunSpec::id).toList();
    }

    private static RunSummary summary(String id) {
        return farm.store().runs().stream()
                .filter(run -> run.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<Snapshot> rows(String id) {
        List<Snapshot> rows = new ArrayList<>();
        farm.store().snapshots(id, rows::add);
        return rows;
    }

    private static List<Double> doubles(JsonNode numbers) {
        return StreamSupport.stream(Objects.requireNonNull(numbers).spliterator(), false)
                .map(JsonNode::asDouble)
                .toList();
    }

    private static long epoch() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("out/saddlefarm.db"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT last_epoch FROM ownership")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
