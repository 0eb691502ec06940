package saddlefarm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;

/** How runs of one experiment are told apart that came of several commands or of a changed file. */
class ExperimentSettingsTest extends StoredRunsTest {

    private static final String TEXT = """
            name = changed
            network { depth = 2, width = 3 }
            data { source = circle-toy }
            descent { learning-rate = 0.1 }
            stop { max-steps = 1000 }
            """;
    private static final String DEPTHS = "sweep { network.depth = [2, 10], initialization.seed = [0, 1, 2] }";

    @Test
    void seedsAloneMakeOneGroupWhetherTheyAreSweptOrNot() {
        queue("sweep { initialization.seed = [10, 9] }");
        queue("initialization.seed = 3");

        SweepGroup group = settings().groups().get(0);
        assertThat(settings().groups()).hasSize(1);
        assertThat(group.label()).isEqualTo("all runs");
        assertThat(group.runs().stream()
                        .map(run -> settings().of(run).value("initialization.seed"))
                        .toList())
                .containsExactly("3", "9", "10");
        assertThat(settings().keys()).containsExactly("initialization.seed");
    }

    @Test
    void runsThatDifferInAKeyThatIsNotSweptAreTwoGroups() {
        queue(DEPTHS);
        queue(DEPTHS, "stop.max-steps=20000");

        assertThat(labels())
                .containsExactly(
                        "depth = 2, max-steps = 1000",
                        "depth = 2, max-steps = 20000",
                        "depth = 10, max-steps = 1000",
                        "depth = 10, max-steps = 20000");
        assertThat(settings().groups()).allMatch(group -> group.runs().size() == 3);
        assertThat(settings().swept()).containsExactly("network.depth", "initialization.seed");
        assertThat(settings().unswept()).containsExactly("stop.max-steps");
        assertThat(settings().valuesOf("stop.max-steps")).isEqualTo("1000, 20000");
    }

    @Test
    void whereSweptValuesTellRunsApartNothingElseIsNamed() {
        queue("sweep { network.depth = [2] }");
        queue("sweep { network.depth = [3] }", "stop.max-steps=20000");

        assertThat(labels()).containsExactly("depth = 2", "depth = 3");
        assertThat(settings().unswept()).isEmpty();
    }

    @Test
    void aKeyThatIsSweptInSomeRunsHasItsValueInTheOthersToo() {
        queue(DEPTHS);
        queue("sweep { initialization.seed = [3, 4] }", "network.depth=3");
        queue("sweep { initialization.seed = [5] }", "network.depth=10");

        assertThat(labels()).containsExactly("depth = 2", "depth = 3", "depth = 10");
        assertThat(settings().groups().stream().map(group -> group.runs().size()))
                .containsExactly(3, 2, 4);
        assertThat(settings().valuesOf("network.depth")).isEqualTo("2, 3, 10");
    }

    @Test
    void networksOfOtherWidthsAreToldByTheirWidthWhereTheyHaveOne() {
        queue("");
        queue("", "network.width=4");
        assertThat(labels()).containsExactly("width = 3", "width = 4");

        stored.store().register(parse(TEXT.replace("depth = 2, width = 3", "widths = [2, 5, 6, 1]")));
        assertThat(labels())
                .containsExactly(
                        "depth = 2, width = 3, widths = [2,3,1]",
                        "depth = 2, width = 4, widths = [2,4,1]",
                        "depth = 3, widths = [2,5,6,1]");
    }

    @Test
    void aKeyThatSomeRunsDoNotHaveTellsThemApartAllTheSame() {
        queue("");
        stored.store().register(parse(TEXT.replace("learning-rate = 0.1", "method = gradient-flow")));

        assertThat(labels()).hasSize(2).doesNotHaveDuplicates();
        assertThat(labels())
                .filteredOn(label -> label.contains("learning-rate = 0.1"))
                .hasSize(1);
    }

    @Test
    void keysOfTheSameLastPartAreWrittenOut() {
        var values = new TreeMap<>(Map.of("data.source", "\"a\"", "initialization.source", "\"b\"", "loss", "\"mse\""));

        assertThat(new SweepGroup(values, List.of()).label())
                .isEqualTo("data.source = a, initialization.source = b, loss = mse");
    }

    @Test
    void howOftenARunIsKeptMakesNoGroup() {
        queue("sweep { initialization.seed = [0, 1] }");
        queue("sweep { initialization.seed = [2] }", "checkpoint.every=1s");

        assertThat(labels()).containsExactly("all runs");
    }

    /** @param rest of the experiment file */
    private void queue(String rest, String... overrides) {
        stored.store().register(parse(TEXT + rest, overrides));
    }

    private static List<RunSpec> parse(String text, String... overrides) {
        return Experiment.parse(text, "changed.conf", Path.of("nowhere"), List.of(overrides))
                .runs();
    }

    private List<String> labels() {
        return settings().groups().stream().map(SweepGroup::label).toList();
    }

    private ExperimentSettings settings() {
        return new ExperimentSettings(stored.store(), stored.store().runs());
    }
}
