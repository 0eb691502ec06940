package saddlefarm.experiment;

import com.typesafe.config.ConfigOrigin;
import java.util.Comparator;
import java.util.List;

/**
 * Where a value was given.
 *
 * @param text for the user: {@code first-light.conf: 12}, or {@code command line: stop.loss=0}
 * @param layer 0 for the file, k for the k-th override; a later layer wins
 * @param line in the file, from 1
 */
record Place(String text, int layer, int line) implements Comparable<Place> {

    /** Of a value that nobody gave. */
    static final Place DEFAULT = new Place("default", -1, 0);

    private static final String COMMAND_LINE = "command line: ";
    private static final Comparator<Place> ORDER =
            Comparator.comparingInt(Place::layer).thenComparingInt(Place::line);

    /** What HOCON is to write down as the origin of an override. */
    static String ofOverride(String override) {
        return COMMAND_LINE + override;
    }

    /** The place that HOCON has written down. */
    static Place of(ConfigOrigin origin, List<String> overrides) {
        for (int i = overrides.size() - 1; i >= 0; i--) {
            if (text(origin).equals(ofOverride(overrides.get(i)))) {
                return new Place(text(origin), i + 1, 0);
            }
        }
        return new Place(text(origin), 0, origin.lineNumber());
    }

    /** The text of a place that HOCON has written down, without the line where it has read a list of an override. */
    static String text(ConfigOrigin origin) {
        String text = origin.description();
        boolean parsedOverride = text.startsWith(COMMAND_LINE) && origin.lineNumber() > 0;
        return parsedOverride ? text.replaceFirst(": [0-9-]+$", "") : text;
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
