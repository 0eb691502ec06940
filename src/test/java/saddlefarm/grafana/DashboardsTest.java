package saddlefarm.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards in the tree: that they are what their source makes, and that Grafana's users find their way. */
class DashboardsTest {

    /** A variable's use, but of those that Grafana defines. */
    private static final Pattern USE = Pattern.compile("\\$\\{?(?!__)(\\w+)");

    static List<DashboardFile> dashboards() throws IOException {
        return DashboardFile.all();
    }

    /** With {@code -Dsaddlefarm.write=true} they are written. */
    @Test
    void areWhatTheirSourceMakes() throws IOException {
        for (var file : Dashboards.files().entrySet()) {
            if (Boolean.getBoolean("saddlefarm.write")) {
                Files.writeString(file.getKey(), file.getValue());
            }
            assertThat(file.getKey())
                    .as("mvn test -Dtest=DashboardsTest -Dsaddlefarm.write=true writes it")
                    .hasContent(file.getValue());
        }
        assertThat(dashboards())
                .extracting(DashboardFile::path)
                .containsExactlyElementsOf(Dashboards.files().keySet());
    }

    @Test
    void areFoundByIdsThatStay() throws IOException {
        assertThat(dashboards())
                .extracting(dashboard -> dashboard.json().path("uid").asText())
                .containsExactly("saddlefarm-farm", "saddlefarm-run", "saddlefarm-saddles");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shareTheirCrosshair(DashboardFile dashboard) {
        assertThat(dashboard.json().path("graphTooltip").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void linkToTheirSiblingsAndTheFarm(DashboardFile dashboard) {
        assertThat(dashboard.json().path("tags")).extracting(JsonNode::asText).containsExactly("saddlefarm");
        assertThat(dashboard.json().path("links"))
                .anySatisfy(link -> {
                    assertThat(link.path("type").asText()).isEqualTo("dashboards");
                    assertThat(link.path("tags")).isEqualTo(dashboard.json().path("tags"));
                })
                .anySatisfy(link -> assertThat(link.path("url").asText()).isEqualTo("${farm:raw}/"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void askTheDataSourceThatAHiddenVariableNames(DashboardFile dashboard) {
        JsonNode first = dashboard.variables().get(0);
        assertThat(first.path("name").asText()).isEqualTo("datasource");
        assertThat(first.path("type").asText()).isEqualTo("datasource");
        assertThat(first.path("query").asText()).isEqualTo("prometheus");
        assertThat(first.path("hide").asInt()).isEqualTo(2);

        var asking = new ArrayList<JsonNode>(dashboard.annotations());
        dashboard.panels().forEach(panel -> {
            asking.add(panel.json());
            asking.addAll(panel.targets());
        });
        dashboard.variables().stream().filter(DashboardsTest::isQuery).forEach(asking::add);
        assertThat(asking)
                .allSatisfy(node ->
                        assertThat(node.path("datasource").path("uid").asText()).isEqualTo("${datasource}"));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void sayWhatEachPanelShowsAndInWhatUnit(DashboardFile dashboard) {
        assertThat(dashboard.panels()).allSatisfy(panel -> {
            assertThat(panel.title()).isNotBlank();
            assertThat(panel.json().path("description").asText())
                    .as(panel.title())
                    .endsWith(".");
            assertThat(unit(panel)).as(panel.title()).isNotBlank();
            assertThat(panel.targets()).as(panel.title()).isNotEmpty();
            assertThat(panel.targets())
                    .extracting(target -> target.path("refId").asText())
                    .doesNotHaveDuplicates();
        });
    }

    /** Where each series, or each line of a table, is a run, to that run. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void leadFromEachPanelToTheFarmsPage(DashboardFile dashboard) {
        assertThat(dashboard.panels()).allSatisfy(panel -> {
            String target = link(panel);
            boolean ofRuns = panel.targets().stream()
                    .anyMatch(query -> query.path("legendFormat").asText().contains("{{run}}"));
            boolean table = panel.json().path("type").asText().equals("table");
            assertThat(target)
                    .as(panel.title())
                    .isEqualTo(
                            table
                                    ? "${farm:raw}/#run=${__data.fields.run}"
                                    : ofRuns ? "${farm:raw}/#run=${__field.labels.run}" : "${farm:raw}/");
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void placeNoPanelOverAnother(DashboardFile dashboard) {
        List<Rectangle> places =
                dashboard.everythingPlaced().stream().map(DashboardsTest::place).toList();
        for (int i = 0; i < places.size(); i++) {
            Rectangle place = places.get(i);
            assertThat(place.isEmpty()).isFalse();
            assertThat(place.x).isNotNegative();
            assertThat(place.x + place.width).isLessThanOrEqualTo(24);
            assertThat(places.subList(0, i)).noneMatch(place::intersects);
        }
        assertThat(dashboard.everythingPlaced())
                .extracting(panel -> panel.path("id").asInt())
                .doesNotHaveDuplicates()
                .doesNotContain(0);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void useEveryVariableAndNoOther(DashboardFile dashboard) {
        Set<String> defined = dashboard.variables().stream()
                .map(variable -> variable.path("name").asText())
                .collect(Collectors.toSet());
        assertThat(uses(dashboard.json().toString())).isEqualTo(defined);
    }

    /** So that a choice leaves of those below it what belongs to it. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void letAVariableDependOnThoseAboveItAlone(DashboardFile dashboard) {
        var above = new HashSet<String>();
        for (JsonNode variable : dashboard.variables()) {
            assertThat(above).containsAll(uses(variable.path("query").toString()));
            above.add(variable.path("name").asText());
        }
    }

    /** A thousand at once are for the farm's page. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void neverShowAllRuns(DashboardFile dashboard) {
        assertThat(dashboard.variables())
                .filteredOn(variable -> !variable.path("name").asText().equals("layer"))
                .allSatisfy(variable ->
                        assertThat(variable.path("includeAll").asBoolean()).isFalse());
    }

    @Test
    void theRunsOfADashboardAreThoseOfItsExperimentAndItsLayersThoseOfTheRuns() throws IOException {
        List<JsonNode> variables = dashboards().get(1).variables();
        assertThat(variables)
                .extracting(variable -> variable.path("name").asText())
                .containsExactly("datasource", "farm", "experiment", "run", "layer");
        assertThat(uses(variables.get(3).path("query").toString())).containsExactly("experiment");
        assertThat(uses(variables.get(4).path("query").toString())).containsExactly("run");
        assertThat(variables.get(3).path("multi").asBoolean()).isTrue();
    }

    private static Set<String> uses(String text) {
        return USE.matcher(text)
                .results()
                .map((MatchResult use) -> use.group(1))
                .collect(Collectors.toSet());
    }

    private static boolean isQuery(JsonNode variable) {
        return variable.path("type").asText().equals("query");
    }

    private static String unit(DashboardFile.Placed panel) {
        return panel.json().at("/fieldConfig/defaults/unit").asText();
    }

    private static String link(DashboardFile.Placed panel) {
        return panel.json().at("/fieldConfig/defaults/links/0/url").asText();
    }

    private static Rectangle place(JsonNode panel) {
        JsonNode grid = panel.path("gridPos");
        return new Rectangle(
                grid.path("x").asInt(-1),
                grid.path("y").asInt(),
                grid.path("w").asInt(),
                grid.path("h").asInt());
    }
}
