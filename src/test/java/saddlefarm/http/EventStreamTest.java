package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.http.javadsl.ServerBinding;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.Deaf;
import saddlefarm.http.EventReader.Received;
import saddlefarm.metrics.FarmMetrics;
import saddlefarm.run.NoBoard;
import saddlefarm.run.RunStatus;
import saddlefarm.store.SqlRunStore;

/** The event stream over sockets, of a farm that trains. */
class EventStreamTest {

    private static final String LADDER = ServedFarm.LADDER + """
            initialization { seed = %d }
            stop { max-steps = 20000, loss = 1e-8 }
            observe { every-steps = 5, singular-values = 3 }
            """;

    @TempDir
    private Path directory;

    private ServedFarm farm;

    @BeforeEach
    void serve() throws Exception {
        farm = new ServedFarm(directory, ServedFarm.OPEN, true);
    }

    @AfterEach
    void end() {
        farm.close();
    }

    @Test
    void theHistoryIsWhatIsStoredAndWhatHappensFollows() throws Exception {
        String first = trained(0);
        try (EventReader reader = farm.events("")) {
            List<Received> history = reader.history();

            assertThat(history.get(0).is("status", first)).isTrue();
            assertThat(history.get(0).data()).isEqualTo(summary(first));
            assertThat(findings(history, "plateau")).isEqualTo(stored(first, "plateau"));
            assertThat(findings(history, "transition")).isEqualTo(stored(first, "transition"));

            String second = submit(1);
            List<Received> live = reader.until(event -> event.is("status", second) && ended(event));

            List<Received> its = live.stream()
                    .filter(event -> event.data().path("run").asText().equals(second))
                    .toList();
            assertThat(its).anyMatch(event -> event.name().equals("snapshot"));
            assertThat(latest(its, "transition")).isEqualTo(stored(second, "transition"));
            assertThat(latest(its, "plateau")).isEqualTo(stored(second, "plateau"));
            farm.until(second, RunStatus.COMPLETED);
            assertThat(its.get(its.size() - 1).data()).isEqualTo(summary(second));
        }
    }

    @Test
    void aClientThatComesBackGetsWhatItHasNotRead() throws Exception {
        String first = trained(0);
        String read;
        try (EventReader reader = farm.events("")) {
            reader.history();
            read = reader.until(event -> event.is("status", first) && ended(event))
                    .get(0)
                    .id();
        }
        try (EventReader reader = farm.events("?after=" + read)) {
            assertThat(reader.history()).hasSize(1);
            assertThat(reader.next().data().path("run").asText()).isEqualTo(first);
        }
        try (EventReader reader = farm.events("", "Last-Event-ID", read)) {
            assertThat(reader.history()).hasSize(1);
        }
    }

    /** From the beginning: what it says it has read is of another farm, or of none. */
    @Test
    void aClientWhoseEventsAreNotThisFarmsGetsEverything() throws Exception {
        trained(0);
        String name;
        try (EventReader reader = farm.events("")) {
            name = reader.history().stream()
                    .reduce((a, b) -> b)
                    .orElseThrow()
                    .id()
                    .replaceFirst("\\..*", "");
        }
        for (String after : List.of("0123456789abcdef.0", name + ".999999", name + ".-1", name, "0", "")) {
            try (EventReader reader = farm.events("", "Last-Event-ID", after)) {
                assertThat(reader.history()).as(after).hasSizeGreaterThan(8);
            }
        }
        try (EventReader reader = farm.events("?after=0123456789abcdef.0")) {
            assertThat(reader.history()).hasSizeGreaterThan(8);
        }
    }

    /** A farm of short runs forgets one at each end, which is in the history. */
    @Test
    void aClientHearsWhatFollowsThoughRunsAreForgottenWhileItReadsTheHistory() throws Exception {
        var feed = new EventFeed(new NoBoard(), new Deaf());
        Iterator<RunSpec> runs = TestRuns.specs(2 * EventFeed.ENDED_RUNS).iterator();
        for (int i = 0; i < EventFeed.ENDED_RUNS; i++) {
            feed.changed(runs.next(), RunStatus.COMPLETED, null, null);
        }
        try (var metrics = new FarmMetrics(0)) {
            ServerBinding busy = FarmServer.bind(
                            farm.system(),
                            "127.0.0.1",
                            0,
                            metrics,
                            feed,
                            () -> {
                                feed.changed(runs.next(), RunStatus.COMPLETED, null, null);
                                return SqlRunStore.openReadOnly(directory);
                            },
                            null,
                            ServedFarm.OPEN)
                    .toCompletableFuture()
                    .get();
            try (EventReader reader = new EventReader(ServedFarm.eventLinesOf(
                    "http://127.0.0.1:" + busy.localAddress().getPort(), ""))) {
                reader.history();
                RunSpec next = runs.next();
                feed.changed(next, RunStatus.RUNNING, null, null);

                assertThat(reader.until(event -> event.is("status", next.id()))).hasSizeGreaterThan(1);
            }
        }
    }

    @Test
    void aClientHearsOfTheRunsThatItWantsAndOfSpectraWhereItAsks() throws Exception {
        String first = trained(0);
        String second = trained(1);
        try (EventReader reader = farm.events("?run=%1$s&spectra=%1$s".formatted(second.substring(0, 11)))) {
            List<Received> events = new ArrayList<>(reader.history());
            assertThat(events).hasSizeGreaterThan(1);
            events.addAll(reader.until(event -> event.is("snapshot", second))); // of the log

            assertThat(events)
                    .filteredOn(event -> !event.name().equals("live"))
                    .allMatch(event -> event.data().path("run").asText().equals(second));
            JsonNode spectra = events.get(events.size() - 1).data().path("singular_values");
            assertThat(spectra).hasSize(2);
            assertThat(spectra.get(0)).hasSize(3);
        }
        try (EventReader reader = farm.events("?run=" + first)) {
            Received row = reader.until(event -> event.is("snapshot", first)).get(0);
            assertThat(row.data().has("singular_values")).isFalse();
        }
        assertThat(farm.eventLines("?run=" + first + "&run=nobody").statusCode())
                .isEqualTo(404);
        try (EventReader reader = farm.events("?spectra=deleted")) {
            assertThat(reader.history()).hasSizeGreaterThan(1);
        }
    }

    @Test
    void aClientMayWaitForAnExperimentThatIsNotThereYet() throws Exception {
        trained(0);
        try (EventReader reader = farm.events("?experiment=later")) {
            assertThat(reader.history()).hasSize(1);

            farm.post(
                    "/experiments?set=name%3Dlater&set=stop.max-steps%3D10", "application/hocon", LADDER.formatted(1));

            List<Received> told = reader.until(event -> event.name().equals("status"));
            assertThat(told.get(told.size() - 1).data().path("experiment").asText())
                    .isEqualTo("later");
        }
    }

    @Test
    void onlySoManyClientsMayReadAtATime() throws Exception {
        List<EventReader> readers = new ArrayList<>();
        for (int i = 0; i < ServedFarm.OPEN.maxStreams(); i++) {
            readers.add(farm.events(""));
            readers.get(i).history();
        }

        HttpResponse<Stream<String>> refused = farm.eventLines("");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).singleElement().asString().contains("10 clients", "http.max-streams");
        readers.remove(0).close();
        submit(0); // who has gone is noticed when there is something to tell
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            try (Stream<String> lines = farm.eventLines("").body()) {
                return lines.findFirst().orElse("").startsWith("retry");
            }
        });
        readers.forEach(EventReader::close);
    }

    /** One who asks and does not read must cost nobody anything. */
    @Test
    void aClientThatDoesNotReadHoldsUpNobody() throws Exception {
        trained(0);
        try (var stalled = new Socket(InetAddress.getLoopbackAddress(), farm.port());
                EventReader reader = farm.events("")) {
            stalled.getOutputStream()
                    .write("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            reader.history();

            String second = submit(1);

            assertThat(reader.until(event -> event.is("status", second) && ended(event)))
                    .isNotEmpty();
        }
    }

    private String submit(int seed) throws Exception {
        return ServedFarm.json(farm.post("/experiments", "application/hocon", LADDER.formatted(seed)))
                .at("/runs/0/run")
                .asText();
    }

    private String trained(int seed) throws Exception {
        String run = submit(seed);
        farm.until(run, RunStatus.COMPLETED);
        return run;
    }

    private static boolean ended(Received event) {
        return event.data().path("status").asText().equals("completed");
    }

    private JsonNode summary(String run) throws Exception {
        return StreamSupport.stream(farm.document("/runs").path("runs").spliterator(), false)
                .filter(each -> each.path("run").asText().equals(run))
                .findFirst()
                .orElseThrow();
    }

    /** The findings of a run as its document has them, as far as the stream tells. */
    private List<String> stored(String run, String kind) throws Exception {
        List<String> findings = new ArrayList<>();
        for (JsonNode each : farm.document("/runs/" + run).path(kind + "s")) {
            findings.add(text(each, kind));
        }
        return findings;
    }

    private static List<String> findings(List<Received> events, String kind) {
        return events.stream()
                .filter(event -> event.data().path("finding").asText().equals(kind))
                .map(event -> text(event.data(), kind))
                .toList();
    }

    /** Of each finding what was told last. */
    private static List<String> latest(List<Received> events, String kind) {
        List<String> latest = new ArrayList<>();
        for (Received event : events) {
            if (event.data().path("finding").asText().equals(kind)) {
                latest.removeIf(text -> text.startsWith(event.data().path(kind).asText() + " "));
                latest.add(text(event.data(), kind));
            }
        }
        return latest.stream().sorted().toList();
    }

    private static String text(JsonNode finding, String kind) {
        return kind.equals("plateau")
                ? "%s rank %s, steps %s to %s, %s"
                        .formatted(
                                finding.path("plateau"),
                                finding.path("rank"),
                                finding.path("start_step"),
                                finding.path("end_step"),
                                finding.path("kind"))
                : "%s at %s, %s to %s"
                        .formatted(
                                finding.path("transition"),
                                finding.path("step"),
                                finding.path("rank_before"),
                                finding.path("rank_after"));
    }
}
