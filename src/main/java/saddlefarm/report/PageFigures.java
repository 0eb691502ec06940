package saddlefarm.report;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts figures into the page, each with its drawing and its numbers to take away, and into files where asked to. */
final class PageFigures {

    private final Html html;
    private final @Nullable Path files;

    PageFigures(Html html, @Nullable Path files) {
        this.html = html;
        this.files = files;
    }

    /** A figure by itself. */
    void show(Figure figure) throws IOException {
        html.open("figure").markup(figure.svg());
        caption(List.of(figure), List.of(""));
        html.close("figure");
        save(figure);
    }

    /** What is drawn over step, flow time and logarithmic time, of which the reader sees one. */
    void showOverTime(Function<TimeAxis, Figure> drawing) throws IOException {
        List<Figure> figures = Stream.of(TimeAxis.values()).map(drawing).toList();
        List<String> classes =
                Stream.of(TimeAxis.values()).map(time -> "by-" + time.key()).toList();
        html.open("figure");
        for (int i = 0; i < figures.size(); i++) {
            html.open("div", "class", classes.get(i))
                    .markup(figures.get(i).svg())
                    .close("div");
            save(figures.get(i));
        }
        caption(figures, classes);
        html.close("figure");
    }

    /** The words, and links: a drawing for each figure, and the numbers, which all of them have in common. */
    private void caption(List<Figure> figures, List<String> classes) throws IOException {
        Figure first = figures.get(0);
        html.open("figcaption").element("b", first.title() + ".").text(first.caption() + " ");
        html.open("span", "class", "links");
        for (int i = 0; i < figures.size(); i++) {
            Figure figure = figures.get(i);
            html.element(
                    "a",
                    "SVG",
                    "class",
                    classes.get(i),
                    "download",
                    figure.name() + ".svg",
                    "href",
                    uri("image/svg+xml", figure.svg()));
        }
        html.element("a", "CSV", "download", first.name() + ".csv", "href", uri("text/csv", first.csv()));
        html.close("span").close("figcaption");
    }

    private void save(Figure figure) throws IOException {
        if (files != null) {
            save(files.resolve(figure.name() + ".svg"), figure.svg());
            save(files.resolve(figure.name() + ".csv"), figure.csv());
        }
    }

    private static void save(Path file, String content) throws IOException {
        AtomicFile.write(file, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }

    /** A content as an address (RFC 2397); characters that addresses may have stay, so that it is short. */
    private static String uri(String type, String content) {
        String encoded = URLEncoder.encode(content, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2C", ",")
                .replace("%3D", "=")
                .replace("%2F", "/")
                .replace("%3A", ":")
                .replace("%28", "(")
                .replace("%29", ")");
        return "data:" + type + ";charset=utf-8," + encoded;
    }
}
