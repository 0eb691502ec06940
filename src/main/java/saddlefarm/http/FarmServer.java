package saddlefarm.http;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import saddlefarm.metrics.FarmMetrics;

/** The farm over HTTP. Every answer to a well-formed request that is not what was asked for is a {@link Problem}. */
public final class FarmServer {

    private static final Logger LOG = LoggerFactory.getLogger(FarmServer.class);

    private FarmServer() {}

    /**
     * Listens for requests until the binding is ended.
     *
     * @param port 0 for any that is free; the binding has the one taken
     */
    public static CompletionStage<ServerBinding> bind(
            ActorSystem<?> system, String host, int port, FarmMetrics metrics) {
        var blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        Route route = withProblems(new FarmRoutes(metrics, blocking).route());
        return Http.get(system)
                .newServerAt(host, port)
                .adaptSettings(settings -> settings.withTransparentHeadRequests(true))
                .bind(route);
    }

    /** A route whose failures and rejections are problems. */
    static Route withProblems(Route route) {
        return Directives.handleExceptions(failures(), () -> Directives.handleRejections(rejections(), () -> route));
    }

    /** Akka's own answers, status and headers and all, with their text as a problem's detail. */
    private static RejectionHandler rejections() {
        return RejectionHandler.defaultHandler().mapRejectionResponse(FarmServer::problem);
    }

    private static HttpResponse problem(HttpResponse plain) {
        String detail = plain.entity() instanceof HttpEntity.Strict text
                ? text.getData().utf8String()
                : plain.status().reason();
        return Problem.of(plain.status(), detail).response().withHeaders(plain.getHeaders());
    }

    private static ExceptionHandler failures() {
        return ExceptionHandler.newBuilder()
                .matchAny(failure -> {
                    LOG.error("a request failed", failure);
                    return Directives.complete(
                            Problem.of(StatusCodes.INTERNAL_SERVER_ERROR, "the farm's log tells what went wrong")
                                    .response());
                })
                .build();
    }
}
