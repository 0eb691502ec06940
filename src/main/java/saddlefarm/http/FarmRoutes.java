package saddlefarm.http;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import saddlefarm.metrics.FarmMetrics;

/** The paths of a farm and what answers there. */
final class FarmRoutes extends AllDirectives {

    /** How long a client may take to send its body. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ActorSystem<?> system;
    private final Executor blocking;
    private final FarmMetrics metrics;
    private final Access access;
    private final Api api;
    private final int maxBody;

    FarmRoutes(ActorSystem<?> system, FarmMetrics metrics, Access access, Api api, int maxBody) {
        this.system = system;
        blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        this.metrics = metrics;
        this.access = access;
        this.api = api;
        this.maxBody = maxBody;
    }

    Route route() {
        return concat(
                path("metrics", () -> get(this::metrics)),
                path("ready", () -> get(() -> complete("ok"))),
                path("alive", () -> get(() -> complete("ok"))),
                pathPrefix(
                        "api",
                        () -> extractRequest(request -> access.refusal(request)
                                .map(refusal -> {
                                    request.discardEntityBytes(system);
                                    return complete(refusal);
                                })
                                .orElseGet(() -> completeWithFuture(answer(request))))),
                new Page().route());
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request) {
        return request.entity()
                .withSizeLimit(maxBody)
                .toStrict(PATIENCE.toMillis(), system)
                .thenApplyAsync(body -> api.answer(request, body), blocking);
    }

    private Route metrics() {
        return optionalHeaderValueByName(
                "Accept",
                accept ->
                        completeWithFuture(CompletableFuture.supplyAsync(() -> scrape(accept.orElse(null)), blocking)));
    }

    private HttpResponse scrape(@Nullable String accept) {
        var text = new ByteArrayOutputStream();
        try {
            metrics.write(accept, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not into memory
        }
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.parse(metrics.contentType(accept)), text.toByteArray()));
    }
}
