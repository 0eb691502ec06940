package saddlefarm.http;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import saddlefarm.metrics.FarmMetrics;

/** The paths of a farm and what answers there. */
final class FarmRoutes extends AllDirectives {

    private final FarmMetrics metrics;
    private final Executor blocking;

    /** @param blocking where a request may take its time */
    FarmRoutes(FarmMetrics metrics, Executor blocking) {
        this.metrics = metrics;
        this.blocking = blocking;
    }

    Route route() {
        return concat(
                path("metrics", () -> get(this::metrics)),
                path("ready", () -> get(() -> complete("ok"))),
                path("alive", () -> get(() -> complete("ok"))));
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
