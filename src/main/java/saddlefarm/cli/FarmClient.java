package saddlefarm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.http.Token;

/** A farm elsewhere, spoken to over HTTP. Redirections are not followed: they would take the token along. */
final class FarmClient {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, @Nullable Object>> DOCUMENT = new TypeReference<>() {};
    private static final TypeReference<Map<String, List<Map<String, @Nullable Object>>>> RUNS =
            new TypeReference<>() {};

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    private final String url;
    private final @Nullable Token token;

    private FarmClient(String url, @Nullable Token token) {
        this.url = url;
        this.token = token;
    }

    /**
     * The farm at a URL; nobody is asked yet.
     *
     * @throws Misuse if it is not one
     */
    static FarmClient to(String url, @Nullable Token token) {
        try {
            var uri = new URI(url);
            if (uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return new FarmClient(url.replaceFirst("/+$", ""), token);
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new Misuse("--to must be a URL such as http://127.0.0.1:8080 but was " + url);
    }

    String url() {
        return url;
    }

    /**
     * Submits the text of an experiment.
     *
     * @param overrides {@code key=value}
     * @return its runs at a glance
     * @throws Misuse if the experiment cannot be run
     */
    List<Map<String, @Nullable Object>> submit(String text, List<String> overrides) {
        String query = overrides.stream()
                .map(override -> "set=" + URLEncoder.encode(override, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> response =
                post("/experiments" + (query.isEmpty() ? "" : "?" + query), BodyPublishers.ofString(text));
        return runs(response);
    }

    /**
     * Gives an order to all runs of an experiment, or else to the one whose id begins so.
     *
     * @param order pause, resume or cancel
     * @return the runs that it is given to, at a glance
     * @throws Misuse if there is no such run, or more than one
     */
    List<Map<String, @Nullable Object>> order(String order, String what) {
        String name = URLEncoder.encode(what, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace(".", "%2E");
        HttpResponse<String> toExperiment = post("/experiments/%s/%s".formatted(name, order), BodyPublishers.noBody());
        if (toExperiment.statusCode() != NOT_FOUND) {
            return runs(toExperiment);
        }
        HttpResponse<String> toRun = post("/runs/%s/%s".formatted(name, order), BodyPublishers.noBody());
        if (toRun.statusCode() == NOT_FOUND && isProblem(toRun)) {
            throw new Misuse(
                    "%s has no experiment that is called %s, and no run whose id begins so".formatted(url, what));
        }
        return runs(toRun);
    }

    private HttpResponse<String> post(String path, BodyPublisher body) {
        var request = HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/hocon")
                .header("Accept", "application/json, application/problem+json")
                .POST(body);
        if (token != null) {
            request.header("Authorization", token.authorization());
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Refused("no farm answers at %s%s"
                    .formatted(
                            url,
                            Optional.ofNullable(e.getMessage())
                                    .map(" (%s)"::formatted)
                                    .orElse("")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted while %s was asked".formatted(url));
        }
    }

    private List<Map<String, @Nullable Object>> runs(HttpResponse<String> response) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            try {
                List<Map<String, @Nullable Object>> runs =
                        JSON.readValue(response.body(), RUNS).get("runs");
                if (runs != null) {
                    return runs;
                }
            } catch (JsonProcessingException e) {
                // told below
            }
            throw new Refused("what answers at %s is not a farm".formatted(url));
        }
        Map<String, @Nullable Object> problem = problem(response);
        @Nullable Object candidates = problem.get("candidates");
        if (candidates != null) {
            throw new Misuse("%s: %s".formatted(problem.get("detail"), candidates));
        }
        String detail = String.valueOf(problem.get("detail"));
        throw status == BAD_REQUEST ? new Misuse(detail) : new Refused(detail);
    }

    private Map<String, @Nullable Object> problem(HttpResponse<String> response) {
        if (isProblem(response)) {
            try {
                return JSON.readValue(response.body(), DOCUMENT);
            } catch (JsonProcessingException e) {
                // told below
            }
        }
        throw new Refused("%s answers with status %d, and not as a farm does".formatted(url, response.statusCode()));
    }

    private static boolean isProblem(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("application/problem+json"))
                .isPresent();
    }
}
