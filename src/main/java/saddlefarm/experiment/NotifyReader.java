package saddlefarm.experiment;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads whom an experiment notifies. */
final class NotifyReader {

    private static final String URL = "notify.url";
    private static final String ON = "notify.on";
    private static final List<String> EVENTS = Stream.of(NotifySettings.Event.values())
            .map(NotifySettings.Event::label)
            .toList();

    private NotifyReader() {}

    /** Null for nobody. */
    static @Nullable NotifySettings read(Values values) {
        if (!values.has(URL)) {
            if (values.has(ON)) {
                values.error(ON, "%s needs a %s".formatted(ON, URL));
            }
            return null;
        }
        String url = values.one(URL, Scalar.text(2000));
        Set<NotifySettings.Event> events = values.list(ON, Scalar.oneOf(EVENTS)).stream()
                .map(NotifySettings.Event::ofLabel)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(NotifySettings.Event.class)));
        try {
            URI uri = new URI(url);
            if (uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getPort() <= 65_535
                    && Set.of("http", "https").contains(scheme(uri))) {
                return new NotifySettings(uri, events);
            }
        } catch (URISyntaxException e) {
            // told below
        }
        values.broken(URL, "must be an address such as https://example.org/hook, without a user");
        return null;
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }
}
