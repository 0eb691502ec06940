package saddlefarm.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.InputFiles;
import saddlefarm.http.ApiSettings;
import saddlefarm.http.ServedFarm;
import saddlefarm.run.RunStatus;
import saddlefarm.run.StoredSpec;

/**
 * Whatever a client sends, the farm answers what was asked for or with a problem that says what is wrong, stores whole
 * runs or none, and goes on.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpFuzzTest {

    /** Four modes, learned one after the other; each a plateau to fork from. */
    private static final String HOCON = """
            name = "ladder"
            network { widths = [10, 12, 10], activation = linear }
            data { source = linear-teacher, seed = 3 }
            initialization { scale = 1e-6, seed = 0 }
            descent { learning-rate = 0.0375 }
            stop { max-steps = 400, loss = 1e-8 }
            observe { cadence = adaptive, every-steps = 5, curvature = false }
            sweep { initialization.seed = [0, 1] }
            """;

    private static final String JSON = """
            {"name": "ladder", "network": {"depth": 2, "width": 4, "bias": true}, "data": {"source": "circle-toy"},
             "descent": {"method": "gradient-flow", "tolerance": 1e-2}, "stop": {"max-flow-time": 0.5, "max-steps": 100},
             "sweep": {"initialization.scale": "logspace(1e-2, 1e-1, 3)"}}
            """;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
    private static final ObjectMapper READER = new ObjectMapper();

    @TempDir
    private static Path directory;

    private static ServedFarm farm;
    private static String parent;

    @BeforeAll
    static void train() throws Exception {
        farm = new ServedFarm(directory, new ApiSettings(20_000, 20, 10, Set.of(), null, null), true);
        parent = Experiment.parse(HOCON, "x", InputFiles.none(), List.of("stop.max-steps=20000"))
                .runs()
                .get(0)
                .id();
        farm.post("/experiments?set=stop.max-steps%3D20000", "application/hocon", HOCON);
        farm.until(parent, RunStatus.COMPLETED);
    }

    @AfterAll
    static void shutDown() {
        farm.close();
    }

    /** What is stored is what its specification says, and a sound submission is trained as ever. */
    @AfterEach
    void theFarmGoesOn() throws Exception {
        var store = farm.store();
        assertThat(store.runs())
                .isNotEmpty()
                .allSatisfy(run -> assertThat(StoredSpec.of(store, run).id()).isEqualTo(run.id()));
        String sound = HOCON.replace("\"ladder\"", "sound-" + store.runs().size());
        var response = farm.post("/experiments?set=scheduling.priority%3D1000", "application/hocon", sound);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        farm.until(ServedFarm.json(response).get("runs").get(0).get("run").asText(), RunStatus.COMPLETED);
    }

    @ParameterizedTest
    @CsvSource({"application/hocon,700", "application/json,700", "text/plain,100"})
    void aChangedExperimentIsTrainedOrRefused(String type, int mutations) throws Exception {
        for (int seed = 0; seed < mutations; seed++) {
            String changed = new Mutations(seed).of(type.endsWith("json") ? JSON : HOCON);
            assertAnswer(farm.post("/experiments", type, changed), seed + ": " + changed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1e-2, \"count\": 2}",
                "{\"plateau\": 1, \"perturb\": \"eig:1\", \"size\": 1e-2, \"overrides\": [\"stop.after-escapes=1\"]}"
            })
    void aChangedForkIsTrainedOrRefused(String body) throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            String changed = new Mutations(seed).of(body);
            assertForkAnswer(changed, seed);
        }
    }

    private void assertForkAnswer(String body, int seed) throws Exception {
        assertAnswer(farm.post("/runs/%s/fork".formatted(parent), "application/json", body), seed + ": " + body);
    }

    /** Texts that stay JSON, so that what is wrong with them is left to whoever reads the values. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"plateau\": 1, \"perturb\": \"random\", \"size\": 1e-2, \"count\": 2, \"overrides\": [\"stop.rank=2\"]}",
                "{\"plateau\": 1, \"perturb\": \"eig:1\", \"size\": 1e-2, \"overrides\": [\"stop.rank=2\", \"stop.loss=1\"]}"
            })
    void aForkOfOtherValuesIsTrainedOrRefused(String body) throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            String changed = new Mutations(seed).of(READER.readTree(body)).toString();
            assertForkAnswer(changed, seed);
        }
    }

    @Test
    void anExperimentOfOtherValuesIsTrainedOrRefused() throws Exception {
        for (int seed = 0; seed < 700; seed++) {
            String changed = new Mutations(seed).of(READER.readTree(JSON)).toString();
            assertAnswer(farm.post("/experiments", "application/json", changed), seed + ": " + changed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/runs?experiment=ladder&status=completed&limit=3&after=0",
                "/runs/RUN/snapshots?from=10&points=100",
                "/runs/RUN/singular-values?layer=1&points=20",
                "/findings?after=2&limit=3"
            })
    void aChangedQuestionIsAnsweredOrRefused(String path) throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            String changed = encoded(new Mutations(seed).of(path.replace("RUN", parent)));
            assertAnswer(farm.get("/" + changed), seed + ": " + changed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/runs/RUN/pause",
                "/experiments/ladder/cancel",
                "/experiments?set=stop.max-steps%3D10&set=name%3Dx"
            })
    void aChangedOrderIsTakenOrRefused(String path) throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            String changed = encoded(new Mutations(seed).of(path.replace("RUN", parent)));
            assertAnswer(farm.post("/" + changed, "application/hocon", HOCON), seed + ": " + changed);
        }
    }

    /** Down to the bytes; whoever sends them ends the connection then. */
    @Test
    void changedBytesAreAnsweredOrTheConnectionIsClosed() throws Exception {
        byte[] request = ("POST /api/v1/experiments HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/hocon\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(HOCON.length(), HOCON))
                .getBytes(StandardCharsets.UTF_8);
        byte[] chunked = ("POST /api/v1/experiments HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/hocon\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                                .formatted(HOCON.length(), HOCON))
                .getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 300; seed++) {
            byte[] changed = new Mutations(seed).of(seed % 2 == 0 ? request : chunked);
            String answer;
            try {
                answer = farm.last(changed);
            } catch (IOException e) {
                throw new AssertionError("mutation " + seed, e);
            }
            Matcher status = STATUS.matcher(answer);
            assertThat(answer).as("mutation %d", seed).doesNotContain("Exception", "\tat ");
            if (status.lookingAt()) {
                assertThat(Integer.parseInt(status.group(1)))
                        .as("mutation %d: %s", seed, answer)
                        .matches(code -> code < 500 || code == 501 || code == 505, "the client's fault");
                if (!status.group(1).startsWith("2")) {
                    assertThat(answer).as("mutation %d", seed).contains("Content-Type: application/problem+json");
                }
            } else {
                assertThat(answer).as("mutation %d", seed).isEmpty();
            }
        }
    }

    private static void assertAnswer(HttpResponse<String> response, String what) throws JsonProcessingException {
        assertThat(response.statusCode()).as("%s%n%s", what, response.body()).isBetween(200, 499);
        if (response.statusCode() < 300) {
            assertThat(READER.readTree(response.body()).isObject()).as(what).isTrue();
        } else {
            assertThat(response.headers().firstValue("Content-Type")).as(what).contains("application/problem+json");
            assertThat(READER.readTree(response.body()).path("detail").asText())
                    .as(what)
                    .isNotBlank()
                    .doesNotContain("Exception", "\tat ", "java.", "saddlefarm.");
        }
    }

    /** A text as a client's library writes it into a URI: its syntax stays, what is no URI is encoded. */
    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            if (character < 128 && (Character.isLetterOrDigit(character) || "/?&=._~:-".indexOf(character) >= 0)) {
                encoded.append(character);
            } else {
                encoded.append("%%%02x".formatted((int) character));
            }
        }
        return encoded.toString();
    }
}
