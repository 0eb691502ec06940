package saddlefarm.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import akka.http.javadsl.model.headers.EntityTag;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import saddlefarm.experiment.InputFiles;

/**
 * The built-in page: an index, a style sheet and modules, from {@code saddlefarm/http/page}, and the plots of uPlot. It
 * is the same for everybody; what it shows it reads from the API, as whoever looks at it may.
 */
final class Page extends AllDirectives {

    private static final String INDEX = "index.html";

    private static final List<String> FILES = List.of(
            INDEX,
            "page.css",
            "icon.svg",
            "main.js",
            "chart.js",
            "detail.js",
            "farm.js",
            "runs.js",
            "seeds.js",
            "table.js",
            "text.js",
            "trajectory.js");

    private static final String LIBRARY = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final List<String> LIBRARY_FILES = List.of("uPlot.esm.js", "uPlot.min.css");

    private static final Map<String, ContentType> TYPES = Map.of(
            "html", ContentTypes.TEXT_HTML_UTF8,
            "css", ContentTypes.create(MediaTypes.TEXT_CSS, HttpCharsets.UTF_8),
            "js", ContentTypes.create(MediaTypes.APPLICATION_JAVASCRIPT, HttpCharsets.UTF_8),
            "svg", ContentTypes.create(MediaTypes.IMAGE_SVG_XML));

    /** Nothing but what is here runs, and nobody may frame it. */
    private static final List<HttpHeader> HEADERS = List.of(
            RawHeader.create(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("Referrer-Policy", "no-referrer"),
            CacheControl.create(CacheDirectives.NO_CACHE));

    /** The index at the root, every file beside it. */
    Route route() {
        Route index = pathSingleSlash(() -> get(() -> file(INDEX, "page/" + INDEX)));
        Route files = FILES.stream()
                .map(name -> path(name, () -> get(() -> file(name, "page/" + name))))
                .reduce(index, this::concat);
        return LIBRARY_FILES.stream()
                .map(name -> path(name, () -> get(() -> file(name, LIBRARY + name))))
                .reduce(files, this::concat);
    }

    private Route file(String name, String resource) {
        byte[] bytes = bytes(resource);
        ContentType type = Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
        return conditional(
                EntityTag.create(InputFiles.sha256(bytes), false),
                () -> complete(
                        HttpResponse.create().withHeaders(HEADERS).withEntity(HttpEntities.create(type, bytes))));
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
