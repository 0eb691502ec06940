package saddlefarm.http;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Allow;
import akka.http.scaladsl.model.IllegalUriException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.Json;
import saddlefarm.experiment.Spelling;
import saddlefarm.run.StoreException;

/** Everything below {@code /api/v1}: finds what a request asks for, and has it done. */
final class Api {

    /** What all paths begin with. */
    static final List<String> PREFIX = List.of("api", "v1");

    private final List<Endpoint> endpoints;

    Api(Reading reading, Asking asking, EventStream events) {
        endpoints = List.of(
                get("/runs", List.of("experiment", "status", "limit", "after"), reading::runs),
                get("/runs/{run}", List.of(), reading::run),
                get("/runs/{run}/snapshots", List.of("from", "points"), reading::snapshots),
                get("/runs/{run}/singular-values", List.of("layer", "from", "points"), reading::singularValues),
                get("/findings", List.of("after", "limit"), reading::findings),
                new Endpoint(
                        HttpMethods.GET, "/events", List.of("run", "experiment", "spectra", "after"), events::answer),
                get("/openapi.json", List.of(), call -> description()),
                post("/experiments", List.of("set"), asking::submit),
                post("/experiments/{experiment}/pause", List.of(), asking::pauseExperiment),
                post("/experiments/{experiment}/resume", List.of(), asking::resumeExperiment),
                post("/experiments/{experiment}/cancel", List.of(), asking::cancelExperiment),
                post("/runs/{run}/pause", List.of(), asking::pauseRun),
                post("/runs/{run}/resume", List.of(), asking::resumeRun),
                post("/runs/{run}/cancel", List.of(), asking::cancelRun),
                post("/runs/{run}/fork", List.of(), asking::fork));
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    /** Answers a request whose body has been read; takes its time. */
    HttpResponse answer(HttpRequest request, HttpEntity.Strict body) {
        try {
            List<String> path = new ArrayList<>();
            request.getUri().pathSegments().forEach(path::add);
            if (!path.subList(0, Math.min(2, path.size())).equals(PREFIX)) {
                throw nothing(request);
            }
            return answer(request, path.subList(PREFIX.size(), path.size()), body);
        } catch (ApiException e) {
            return e.problem().response();
        } catch (ExperimentException e) {
            return Problem.of(StatusCodes.BAD_REQUEST, String.valueOf(e.getMessage()))
                    .response();
        } catch (StoreException e) {
            return Problem.of(StatusCodes.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()))
                    .response();
        } catch (IllegalUriException e) {
            return Problem.of(StatusCodes.BAD_REQUEST, String.valueOf(e.getMessage()))
                    .response();
        }
    }

    private HttpResponse answer(HttpRequest request, List<String> path, HttpEntity.Strict body) {
        List<HttpMethod> others = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            Optional<String> name = endpoint.match(path);
            if (name.isPresent() && endpoint.method().equals(request.method())) {
                Map<String, List<String>> query = request.getUri().query().toMultiMap();
                requireKnown(query, endpoint);
                return endpoint.handler()
                        .apply(new Call(
                                name.get(),
                                query,
                                request.getHeader("Last-Event-ID").map(HttpHeader::value),
                                body.getContentType().mediaType().toString(),
                                body.getData()));
            }
            name.ifPresent(found -> others.add(endpoint.method()));
        }
        if (others.isEmpty()) {
            throw nothing(request);
        }
        return Problem.of(
                        StatusCodes.METHOD_NOT_ALLOWED,
                        "%s is for %s"
                                .formatted(
                                        request.getUri().path(),
                                        String.join(
                                                " and ",
                                                others.stream()
                                                        .map(HttpMethod::value)
                                                        .toList())))
                .response()
                .withHeaders(List.of(Allow.create(others.toArray(HttpMethod[]::new))));
    }

    private static ApiException nothing(HttpRequest request) {
        return ApiException.notFound("there is nothing at %s; see /api/v1/openapi.json"
                .formatted(request.getUri().path()));
    }

    private static void requireKnown(Map<String, List<String>> query, Endpoint endpoint) {
        for (String parameter : query.keySet()) {
            if (!endpoint.parameters().contains(parameter)) {
                throw ApiException.badRequest("%s is no parameter of %s%s"
                        .formatted(parameter, endpoint.path(), Spelling.suggestion(parameter, endpoint.parameters())));
            }
        }
    }

    private static HttpResponse document(StatusCode status, Map<String, @Nullable Object> document) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(
                        ContentTypes.APPLICATION_JSON, Json.text(document).getBytes(StandardCharsets.UTF_8)));
    }

    private static Endpoint get(
            String path, List<String> parameters, Function<Call, Map<String, @Nullable Object>> handler) {
        return new Endpoint(HttpMethods.GET, path, parameters, call -> document(StatusCodes.OK, handler.apply(call)));
    }

    private static Endpoint post(
            String path, List<String> parameters, Function<Call, Map<String, @Nullable Object>> handler) {
        return new Endpoint(
                HttpMethods.POST, path, parameters, call -> document(StatusCodes.ACCEPTED, handler.apply(call)));
    }

    /** The API as OpenAPI 3.1 describes it. */
    private static Map<String, @Nullable Object> description() {
        try (var json = Objects.requireNonNull(Api.class.getResourceAsStream("openapi.json"))) {
            return new ObjectMapper().readValue(json, new TypeReference<LinkedHashMap<String, @Nullable Object>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
