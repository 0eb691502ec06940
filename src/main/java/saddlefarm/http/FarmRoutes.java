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
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import saddlefarm.metrics.FarmMetrics;

/** The paths of a farm and what answers there. */
final class FarmRoutes extends AllDirectives {

    /** How long a client may take to send its body. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long a scrape waits for a training to make room. */
    private static final Duration ROOM = Duration.ofMillis(100);

    private final ActorSystem<?> system;
    private final Executor blocking;
    private final Executor training;
    private final FarmMetrics metrics;
    private final Access access;
    private final Api api;
    private final int maxBody;

    FarmRoutes(ActorSystem<?> system, FarmMetrics metrics, Access access, Api api, int maxBody) {
        this.system = system;
        blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        training = system.dispatchers().lookup(DispatcherSelector.fromConfig("saddlefarm.training-dispatcher"));
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
                // Akka's own bound, of akka.http.parsing.max-to-strict-bytes, would be told as a malformed body.
                .toStrict(PATIENCE.toMillis(), Long.MAX_VALUE, system)
                .thenApplyAsync(body -> api.answer(request, body), blocking);
    }

    private Route metrics() {
        return optionalHeaderValueByName(
                "Accept",
                accept -> completeWithFuture(
                        CompletableFuture.supplyAsync(() -> scrape(accept.orElse(null)), this::inPlaceOfTraining)));
    }

    /**
     * Does what takes a core for a while in the place of a training, which would share the core with it and double its
     * time; unless no training makes room soon, because its steps are long.
     */
    private void inPlaceOfTraining(Runnable work) {
        var once = new FutureTask<@Nullable Void>(work, null);
        training.execute(once);
        system.scheduler().scheduleOnce(ROOM, () -> blocking.execute(once), system.executionContext());
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
