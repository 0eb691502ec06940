package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReferenceTest {

    private static final Path REFERENCE = Path.of("src/main/resources/reference.conf");

    @Test
    void everyKeyIsThereAndEveryOneThereIsAKey() throws Exception {
        assertThat(keysWrittenIn(Files.readAllLines(REFERENCE))).containsExactlyInAnyOrderElementsOf(Keys.ALL);
    }

    @Test
    void everyKeyFollowsAComment() throws Exception {
        List<String> lines = Files.readAllLines(REFERENCE);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(" +[a-z.-]+ = .*")) {
                assertThat(lines.get(i - 1).strip()).as(lines.get(i)).startsWith("#");
            }
        }
    }

    @Test
    void everySourceHasItsDefaultsAndTheyAreKeys() {
        var sources = ConfigFactory.parseFile(REFERENCE.toFile(), ConfigParseOptions.defaults())
                .getConfig("saddlefarm.data-sources");
        assertThat(sources.root().keySet()).containsExactlyInAnyOrderElementsOf(DataReader.SOURCES);
        sources.entrySet()
                .forEach(entry ->
                        assertThat(Keys.ALL).contains("data." + entry.getKey().replaceFirst("^[^.]*\\.", "")));
    }

    /** Keys with a value and commented ones, read by indentation. */
    private static Set<String> keysWrittenIn(List<String> lines) {
        var keys = new TreeSet<String>();
        var sections = new ArrayList<String>();
        boolean inside = false;
        for (String line : lines) {
            String text = line.strip().replaceFirst("^# (?=[a-z0-9.-]+ = [^|]*$)", "");
            if (text.equals("saddlefarm.experiment {")) {
                inside = true;
            } else if (inside && text.equals("}")) {
                if (sections.isEmpty()) {
                    return keys;
                }
                sections.remove(sections.size() - 1);
            } else if (inside && text.matches("[a-z]+ \\{")) {
                sections.add(text.replace(" {", "."));
            } else if (inside && text.matches("[a-z0-9.-]+ = .*")) {
                keys.add(String.join("", sections) + text.substring(0, text.indexOf(' ')));
            }
        }
        return keys;
    }
}
