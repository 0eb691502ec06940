package saddlefarm.http;

import akka.event.LoggingAdapter;
import akka.http.DefaultParsingErrorHandler;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;

/** What is no HTTP request, and so never comes to a route, is answered with a problem, too. */
final class ParsingProblems extends ParsingErrorHandler {

    /** Akka finds a handler by its class and takes it from there, as Scala's objects have it. */
    @SuppressWarnings({"MemberName", "unused"})
    public static final ParsingProblems MODULE$ = new ParsingProblems();

    private ParsingProblems() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        return FarmServer.problem(DefaultParsingErrorHandler.handle(status, error, log, settings));
    }
}
