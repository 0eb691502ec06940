package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/METRICS.md against what a farm that trains a ladder tells a scraper. */
class MetricsDocumentTest {

    private static final String LADDER = ServedFarm.LADDER + """
            stop { max-steps = 1000000000 }
            sweep { initialization.seed = [0] }
            """;

    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| ([^|]*) \\| [^|]+ \\|");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+?)(_bucket|_sum|_count)?(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");

    private record Family(String type, Set<String> labels) {}

    @Test
    void everyFamilyIsDocumentedWithItsTypeAndLabels(@TempDir Path directory) throws Exception {
        try (var farm = new ServedFarm(directory, ServedFarm.OPEN, true)) {
            farm.post("/experiments", "application/hocon", LADDER);
            // Theory comes after the first escape, and the curvature of a plateau when it has lasted for a while.
            Map<String, Family> scraped = farm.scrapeUntil(
                            "saddlefarm_run_earliest_escape_flow_time{", "saddlefarm_run_lambda_min{")
                    .lines()
                    .collect(TreeMap::new, MetricsDocumentTest::read, Map::putAll);
            Map<String, Family> documented = documented();

            assertThat(documented).containsAllEntriesOf(scraped);
            assertThat(documented.keySet().stream().filter(name -> name.startsWith("saddlefarm_")))
                    .isSubsetOf(scraped.keySet());
        }
    }

    private static Map<String, Family> documented() throws Exception {
        var families = new TreeMap<String, Family>();
        for (String line : Files.readAllLines(Path.of("docs", "METRICS.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> labels =
                        new TreeSet<>(Arrays.asList(row.group(3).strip().split(", ")));
                labels.remove("");
                if (labels.remove("one for each swept key")) {
                    labels.add("initialization_seed");
                }
                families.put(row.group(1), new Family(row.group(2), labels));
            }
        }
        return families;
    }

    /** A line of the text format, 0.0.4. */
    private static void read(Map<String, Family> families, String line) {
        Matcher type = TYPE.matcher(line);
        if (type.matches()) {
            // The text format has no type for an info.
            String name = type.group(1);
            families.put(name, new Family(name.endsWith("_info") ? "info" : type.group(2), new TreeSet<>()));
        }
        Matcher sample = SAMPLE.matcher(line);
        if (!line.startsWith("#") && sample.matches()) {
            Family family = families.getOrDefault(
                    sample.group(1) + (sample.group(2) == null ? "" : sample.group(2)), families.get(sample.group(1)));
            if (family != null && sample.group(3) != null) {
                Matcher label = LABEL.matcher(sample.group(3));
                while (label.find()) {
                    if (!label.group(1).equals("le")) {
                        family.labels.add(label.group(1));
                    }
                }
            }
        }
    }
}
