package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.RawHeader;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import saddlefarm.LogLines;

/** Who may use the API. */
class AccessTest {

    private static final String SECRET = "correct-horse.battery_staple~0/+=";

    @Test
    void withATokenWhoeverShowsItMayAndNobodyElse(@TempDir Path directory) throws Exception {
        try (var farm =
                new ServedFarm(directory, new ApiSettings(1000, 10, 10, Set.of(), null, Token.of(SECRET)), true)) {
            for (String path : List.of("/api/v1/runs", "/api/v1/openapi.json", "/api/v1/nothing", "/api")) {
                HttpResponse<String> response = ServedFarm.send(farm.request(path));
                assertThat(response.statusCode()).as(path).isEqualTo(401);
                assertThat(response.headers().firstValue("WWW-Authenticate"))
                        .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer"));
                assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
            }
            assertThat(farm.post("/experiments", "text/plain", "name = x").statusCode())
                    .isEqualTo(401);
            assertThat(get(farm, "Bearer " + SECRET).statusCode()).isEqualTo(200);
            assertThat(get(farm, "bearer " + SECRET).statusCode()).isEqualTo(200);
            // A proxy in front has a name of its own, and the token says enough.
            assertThat(farm.raw("GET /api/v1/runs HTTP/1.1\r\nHost: farm.example\r\nAuthorization: Bearer " + SECRET
                            + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            for (String open : List.of("/metrics", "/ready", "/alive")) {
                assertThat(ServedFarm.send(farm.request(open)).statusCode()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer correct-horse.battery_staple~0/+",
                "Bearer correct-horse.battery_staple~0/+==",
                "Bearer Correct-horse.battery_staple~0/+=",
                "Bearer",
                "Bearer ",
                "Basic Y29ycmVjdDpob3JzZQ==",
                SECRET,
                "Digest " + SECRET,
                "Bearer" + SECRET,
                "Bearer Bearer correct-horse.battery_staple~0/+="
            })
    void whatIsNotTheTokenIsRefused(String authorization) {
        var access = new Access("127.0.0.1", Token.of(SECRET));
        assertThat(access.refusal(HttpRequest.GET("/api/v1/runs").addHeader(header("Authorization", authorization))))
                .isPresent();
        assertThat(access.refusal(
                        HttpRequest.GET("/api/v1/runs").addHeader(header("Authorization", "bearer " + SECRET))))
                .isEmpty();
    }

    @Test
    void aTokenIsPrintedNowhereEvenWhenItIsMalformed(@TempDir Path directory) throws Exception {
        assertThat(new ApiSettings(1000, 10, 10, Set.of(), null, Token.of(SECRET)).toString())
                .doesNotContain("horse");
        assertThatThrownBy(() -> Token.of("horse"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 16")
                .hasMessageNotContaining("horse");
        try (var log = new LogLines();
                var farm = new ServedFarm(
                        directory, new ApiSettings(1000, 10, 10, Set.of(), null, Token.of(SECRET)), true)) {
            String malformed = "Authorization: Bearer horse,\"; horse";
            assertThat(farm.raw("GET /api/v1/runs HTTP/1.1\r\nHost: localhost\r\n%s\r\nConnection: close\r\n\r\n"
                            .formatted(malformed)))
                    .startsWith("HTTP/1.1 401")
                    .doesNotContain("horse");
            assertThat(log.with("horse")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 200",
        "127.0.0.1:8080, 200",
        "localhost:9, 200",
        "LOCALHOST, 200",
        "[::1]:8080, 200",
        "evil.example, 403",
        "evil.example:8080, 403",
        "localhost.evil.example, 403",
        "127.0.0.1.evil.example, 403",
        "10.0.0.1, 403"
    })
    void withoutATokenTheFarmIsAskedForByTheNameOfItsOwnMachine(String host, int status, @TempDir Path directory)
            throws Exception {
        try (var farm = new ServedFarm(directory, ServedFarm.OPEN, true)) {
            assertThat(farm.raw("GET /api/v1/runs HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host)))
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example, 403",
        "null, 403",
        "http://localhost:1, 403",
        "http://127.0.0.1, 403",
        "http://HOST.evil.example, 403",
        "http://HOST@evil.example, 403",
        "http://evil.example/HOST, 403",
        "https://127.0.0.1.evil.example, 403",
        "http://HOST, 404"
    })
    void withoutATokenNoPageOfAnotherSiteMayAskForAnything(String origin, int status, @TempDir Path directory)
            throws Exception {
        try (var farm = new ServedFarm(directory, ServedFarm.OPEN, true)) {
            String host = "127.0.0.1:" + farm.port();
            assertThat(farm.raw(
                            "POST /api/v1/runs/none/pause HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                    .formatted(host, origin.replace("HOST", host))))
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void withoutATokenTheApiIsClosedWhereOthersReachIt() {
        assertThat(new Access("0.0.0.0", null).refusal(HttpRequest.GET("/api/v1/runs")))
                .hasValueSatisfying(
                        response -> assertThat(response.status().intValue()).isEqualTo(403));
        assertThat(Access.loopback("localhost")).isTrue();
        assertThat(Access.loopback("::1")).isTrue();
        assertThat(Access.loopback("0.0.0.0")).isFalse();
        assertThat(Access.loopback("192.0.2.1")).isFalse();
        assertThat(Access.loopback("no.such.host.invalid")).isFalse();
    }

    /** Only what can be read: its runs are those of the command line. */
    @Test
    void aFarmThatTakesNoOrdersSaysWhichOneDoes(@TempDir Path directory) throws Exception {
        try (var farm = new ServedFarm(directory, ServedFarm.OPEN, false)) {
            assertThat(farm.get("/runs").statusCode()).isEqualTo(200);
            for (String path :
                    List.of("/experiments", "/runs/none/pause", "/experiments/none/cancel", "/runs/none/fork")) {
                HttpResponse<String> response = farm.post(path, "application/json", "{}");
                assertThat(response.statusCode()).isEqualTo(409);
                assertThat(ServedFarm.json(response).get("detail").asText()).contains("saddlefarm serve");
            }
        }
    }

    private static HttpResponse<String> get(ServedFarm farm, String authorization) throws Exception {
        return ServedFarm.send(farm.request("/api/v1/runs").header("Authorization", authorization));
    }

    private static HttpHeader header(String name, String value) {
        return RawHeader.create(name, value);
    }
}
