package saddlefarm.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text of one scrape. */
record Scrape(String text) {

    static Scrape of(FarmMetrics metrics) {
        return as(metrics, null);
    }

    static Scrape as(FarmMetrics metrics, @Nullable String accept) {
        var out = new ByteArrayOutputStream();
        try {
            metrics.write(accept, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Scrape(out.toString(StandardCharsets.UTF_8));
    }

    /** The series of a family with their values, without those that end in another word, such as a run's others. */
    List<String> series(String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .toList();
    }

    /** The series whose {@code run} label is this. */
    List<String> seriesOf(String run) {
        return text.lines().filter(line -> line.contains("run=\"" + run + "\"")).toList();
    }
}
