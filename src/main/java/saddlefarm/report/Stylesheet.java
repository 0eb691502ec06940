package saddlefarm.report;

import java.io.IOException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The style of the page: the one of the file, and every ink on dark where the reader has a dark page. */
final class Stylesheet {

    private Stylesheet() {}

    static String text() throws IOException {
        return Report.resource("page.css")
                + "@media screen and (prefers-color-scheme: dark) {\n"
                + rules(Ink::dark)
                + "}\n";
    }

    private static String rules(Function<Ink, String> colour) {
        return Ink.all().stream()
                .map(ink -> ".s-%1$s{stroke:%2$s}.f-%1$s{fill:%2$s}\n".formatted(ink.name(), colour.apply(ink)))
                .collect(Collectors.joining());
    }
}
