package saddlefarm.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.HttpChallenge;
import akka.http.javadsl.model.headers.WWWAuthenticate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the API. With a token, whoever shows it, from wherever. Without one, programs of this machine: the server
 * listens on a loopback address, and what a browser sends on behalf of another site is refused. That site may have its
 * own name lead to this machine (DNS rebinding), which the header {@code Host} tells, or send from its own pages, which
 * {@code Origin} tells.
 */
final class Access {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[?::1]?");

    private final String host;
    private final @Nullable Token token;

    /** @param host that the server listens on */
    Access(String host, @Nullable Token token) {
        this.host = host;
        this.token = token;
    }

    /** Whether a host is this machine's own, which others do not reach. */
    static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The answer to a request that may not be made; empty where it may. */
    Optional<HttpResponse> refusal(HttpRequest request) {
        if (token != null) {
            return header(request, "authorization").filter(token::isIn).isPresent()
                    ? Optional.empty()
                    : Optional.of(unauthorized());
        }
        if (!loopback(host)) {
            return Optional.of(
                    forbidden("without a token the API is open to loopback addresses alone; set http.token-file or"
                            + " SADDLEFARM_HTTP_TOKEN where the farm is started"));
        }
        String authority = header(request, "host").orElse("").toLowerCase(Locale.ROOT);
        String name = authority.replaceFirst(":[0-9]*$", "");
        if (!LOOPBACK.matcher(name).matches() && !name.equals(host.toLowerCase(Locale.ROOT))) {
            return Optional.of(forbidden(
                    "this farm is asked for by the name of its own machine, such as localhost, and not by " + name));
        }
        Optional<String> origin = header(request, "origin");
        if (!request.method().equals(HttpMethods.GET)
                && origin.isPresent()
                && !origin.get()
                        .toLowerCase(Locale.ROOT)
                        .replaceFirst("^https?://", "")
                        .equals(authority)) {
            return Optional.of(forbidden("a page of another site may not ask for this: " + origin.get()));
        }
        return Optional.empty();
    }

    private static Optional<String> header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }

    private static HttpResponse unauthorized() {
        return Problem.of(
                        StatusCodes.UNAUTHORIZED,
                        "the API asks for a token that fits, in the header Authorization: Bearer …")
                .response()
                .withHeaders(List.of(WWWAuthenticate.create(HttpChallenge.create("Bearer", "saddlefarm"))));
    }

    private static HttpResponse forbidden(String detail) {
        return Problem.of(StatusCodes.FORBIDDEN, detail).response();
    }
}
