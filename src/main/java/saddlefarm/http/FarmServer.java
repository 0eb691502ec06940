package saddlefarm.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import akka.http.javadsl.settings.ServerSettings;
import akka.http.scaladsl.model.EntityStreamException;
import akka.http.scaladsl.model.EntityStreamSizeException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import saddlefarm.farm.FarmControl;
import saddlefarm.metrics.FarmMetrics;
import saddlefarm.run.RunStore;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;

/** The farm over HTTP. Every answer that is not what was asked for is a {@link Problem}. */
public final class FarmServer {

    private static final Logger LOG = LoggerFactory.getLogger(FarmServer.class);

    /** Overrides of an experiment are in its query. */
    private static final int MAX_URI_LENGTH = 64 << 10;

    /** Eigenvectors for a fork take their time. */
    private static final FiniteDuration LONGEST_ANSWER = Duration.create(5, TimeUnit.MINUTES);

    /** While an answer takes its time nothing comes over the connection. */
    private static final Duration LONGEST_SILENCE = LONGEST_ANSWER.plus(Duration.create(1, TimeUnit.MINUTES));

    private FarmServer() {}

    /**
     * Listens for requests until the binding is ended.
     *
     * @param port 0 for any that is free; the binding has the one taken
     * @param feed that the farm tells what happens
     * @param reader opens the farm's store for reading; called for each request
     * @param control what the farm is told by; null for a farm that takes no orders
     */
    public static CompletionStage<ServerBinding> bind(
            ActorSystem<?> system,
            String host,
            int port,
            FarmMetrics metrics,
            EventFeed feed,
            Supplier<? extends RunStore> reader,
            @Nullable FarmControl control,
            ApiSettings settings) {
        var reading = new Reading(reader);
        var events = new EventStream(system, feed, reading, settings.maxStreams());
        var api = new Api(reading, new Asking(reading, control, settings), events);
        var access = new Access(host, settings.token());
        Route route = withProblems(new FarmRoutes(system, metrics, access, api, settings.maxBody()).route());
        return Http.get(system)
                .newServerAt(host, port)
                .adaptSettings(FarmServer::adapted)
                .bind(route);
    }

    /** Whether a farm without a token may take orders at an address: whether only its own machine reaches it. */
    public static boolean isLoopback(String host) {
        return Access.loopback(host);
    }

    static ServerSettings adapted(ServerSettings settings) {
        return settings.withTransparentHeadRequests(true)
                .withParsingErrorHandler(ParsingProblems.class.getName())
                // A warning would tell a token that is malformed.
                .withParserSettings(settings.getParserSettings()
                        .withIllegalHeaderWarnings(false)
                        .withMaxUriLength(MAX_URI_LENGTH))
                .withTimeouts(settings.getTimeouts()
                        .withRequestTimeout(LONGEST_ANSWER)
                        .withIdleTimeout(LONGEST_SILENCE));
    }

    /** A route whose failures, rejections and delays are problems. */
    static Route withProblems(Route route) {
        return Directives.withRequestTimeoutResponse(
                request -> Problem.of(StatusCodes.SERVICE_UNAVAILABLE, "the answer was not ready in time")
                        .response(),
                () -> Directives.handleExceptions(
                        failures(), () -> Directives.handleRejections(rejections(), () -> route)));
    }

    private static RejectionHandler rejections() {
        return RejectionHandler.defaultHandler().mapRejectionResponse(FarmServer::problem);
    }

    /** Akka's own answer, status and headers and all, with its text as a problem's detail. */
    static HttpResponse problem(HttpResponse plain) {
        String detail = plain.entity() instanceof HttpEntity.Strict text
                ? text.getData().utf8String()
                : plain.status().reason();
        return Problem.of(plain.status(), detail).response().withHeaders(plain.getHeaders());
    }

    private static ExceptionHandler failures() {
        return ExceptionHandler.newBuilder()
                .match(
                        EntityStreamSizeException.class,
                        tooLarge -> Directives.complete(Problem.of(
                                        StatusCodes.CONTENT_TOO_LARGE,
                                        "a body may have at most %d bytes (http.max-body)".formatted(tooLarge.limit()))
                                .response()))
                .match(
                        EntityStreamException.class,
                        broken -> Directives.complete(Problem.of(
                                        StatusCodes.BAD_REQUEST,
                                        "the body is cut off or malformed: "
                                                + broken.info().summary())
                                .response()))
                .match(
                        TimeoutException.class,
                        late -> Directives.complete(
                                Problem.of(StatusCodes.REQUEST_TIMEOUT, "the body did not come in time")
                                        .response()))
                .matchAny(failure -> {
                    LOG.error("a request failed", failure);
                    return Directives.complete(
                            Problem.of(StatusCodes.INTERNAL_SERVER_ERROR, "the farm's log tells what went wrong")
                                    .response());
                })
                .build();
    }
}
