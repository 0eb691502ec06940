package saddlefarm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static saddlefarm.report.MadeUpSweep.group;
import static saddlefarm.report.MadeUpSweep.outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import saddlefarm.run.RunSummary;
import saddlefarm.statistics.Interval;
import saddlefarm.statistics.KaplanMeier;
import saddlefarm.statistics.Observation;

/** Maps, curves and ranks over swept keys, by the numbers behind them. */
class SweepFiguresTest {

    private static final String SCALE = "initialization.scale";
    private static final String DEPTH = "network.depth";
    private static final String STEPS = "stop.max-steps";
    private static final String RATE = "descent.learning-rate";

    @Test
    void groupsAtEveryPairOfValuesAreAGridInTheOrderOfNumbers() {
        SweepGrid grid = SweepGrid.of(grid()).get(0);

        assertThat(grid.x()).isEqualTo(new SweptKey(SCALE, List.of("0.05", "1")));
        assertThat(grid.y()).isEqualTo(new SweptKey(DEPTH, List.of("9", "10")));
    }

    @Test
    void aKeyThatGoesAlongWithAnotherDoesNotKeepThemFromAGrid() {
        List<GroupOutcomes> groups = new ArrayList<>();
        for (String depth : List.of("2", "3")) {
            for (String scale : List.of("0.1", "0.2")) {
                groups.add(group(
                        Map.of(DEPTH, depth, SCALE, scale, RATE, depth.equals("2") ? "0.5" : "0.25"),
                        List.of(Observation.at(1))));
            }
        }

        SweepGrid grid = SweepGrid.of(groups).get(0);
        assertThat(List.of(grid.x().key(), grid.y().key())).containsExactly(SCALE, DEPTH);
    }

    @Test
    void aSweepThatWasMadeTwiceWithAnotherLimitHasItsMapsTwice() {
        List<GroupOutcomes> groups = new ArrayList<>();
        for (String steps : List.of("100", "200", "300")) {
            for (String depth : List.of("2", "3")) {
                for (String scale : List.of("0.1", "0.2")) {
                    groups.add(group(
                            Map.of(DEPTH, depth, SCALE, scale, STEPS, steps),
                            List.of(Observation.at(Double.parseDouble(steps)))));
                }
            }
        }
        groups.remove(11); // with the last limit the grid has a hole

        List<SweepGrid> grids = SweepGrid.of(groups);
        assertThat(grids.stream().map(SweepGrid::setting)).containsExactly(", max-steps = 100", ", max-steps = 200");
        assertThat(grids.get(1).at("0.1", "3").escapes().median()).isEqualTo(200);
        assertThat(PhaseMaps.draw("1-a", grids.get(1)).get(0).title()).isEqualTo("Final rank, max-steps = 200");
    }

    @Test
    void aKeyThatIsNotSweptIsNoAxisOfAMapButWhereNoneIs() {
        List<GroupOutcomes> groups = new ArrayList<>();
        for (String scale : List.of("0.1", "0.2")) {
            for (String steps : List.of("100", "200")) {
                groups.add(group(Map.of(SCALE, scale, STEPS, steps), List.of(Observation.at(1))));
            }
        }

        assertThat(SweepGrid.of(groups)).hasSize(1);
        assertThat(SweepGrid.of(
                        groups.stream().map(group -> swept(group, SCALE)).toList()))
                .isEmpty();
        assertThat(SweepGrid.of(groups.stream().map(SweepFiguresTest::swept).toList()))
                .hasSize(1);
    }

    /** A group as if of all its keys these alone had been swept. */
    private static GroupOutcomes swept(GroupOutcomes group, String... keys) {
        List<RunSummary> runs = group.group().runs().stream()
                .map(run -> {
                    var swept = new TreeMap<>(run.swept());
                    swept.keySet().retainAll(List.of(keys));
                    return new RunSummary(
                            run.id(),
                            run.experiment(),
                            run.status(),
                            run.progress(),
                            run.backend(),
                            swept,
                            run.cause());
                })
                .toList();
        return new GroupOutcomes(new SweepGroup(group.group().values(), runs), group.outcomes());
    }

    @Test
    void whatTellsGroupsApartIsReadWhole() {
        String steps = "20000000000000000000000000000000";
        Figure figure = FirstEscapesFigure.draw(
                "1-a",
                List.of(
                        group(Map.of(SCALE, "0.1", STEPS, steps), List.of(Observation.at(2))),
                        group(Map.of(SCALE, "0.1", STEPS, "2"), List.of(Observation.at(2)))));

        assertThat(figure.svg()).contains(">scale = 0.1, max-steps = " + steps + "<", ">scale = 0.1, max-steps = 2<");
    }

    @Test
    void aGridHasNoHoles() {
        assertThat(SweepGrid.of(grid().subList(0, 3))).isEmpty();
    }

    @Test
    void mapsHaveRanksPlateausAndTimesOfEveryCell() {
        List<Figure> maps = PhaseMaps.draw("1-a", SweepGrid.of(grid()).get(0));

        assertThat(maps.stream().map(Figure::name))
                .containsExactly("1-a.final-rank", "1-a.first-plateau", "1-a.first-escape", "1-a.never-escaped");
        String header = "initialization.scale,network.depth,completed,final_rank,with_final_rank,"
                + "first_plateau_at_rank_one,runs,escaped,first_escape,first_escape_low,first_escape_high,watched_until\n";
        // Of four ranks 1, 1, 3, 3 the lower one in the middle. Intervals of one time are that time; where no run
        // escaped
        // they have no end.
        assertThat(maps).allSatisfy(map -> assertThat(map.csv()).isEqualTo(header + """
                0.05,9,4,1,2,2,4,4,2.0,1.0,4.0,4.0
                0.05,10,1,0,1,0,1,0,,,,300.0
                1,9,1,3,1,0,1,1,0.5,0.5,0.5,0.5
                1,10,0,,,0,1,1,7.0,7.0,7.0,7.0
                """));
    }

    @Test
    void cellsSayWhatTheyKnow() {
        List<Figure> maps = PhaseMaps.draw("1-a", SweepGrid.of(grid()).get(0));

        assertThat(maps.get(0).svg()).contains(">2 of 4<", ">–<");
        assertThat(maps.get(2).svg()).contains("&gt; 300", ">0 of 1<", ">0.5<");
        assertThat(maps.get(3).svg()).contains(">1 of 1<", ">0 of 4<");
    }

    @Test
    void curvesOfEscapesHaveEveryFallAndTheEndAndTheirIntervals() throws Exception {
        Interval half = Objects.requireNonNull(KaplanMeier.of(List.of(Observation.at(2), Observation.after(9)))
                .steps()
                .get(0)
                .interval());
        Figure figure = FirstEscapesFigure.draw(
                "1-a",
                List.of(
                        group(Map.of(SCALE, "0.1"), List.of(Observation.at(2), Observation.after(9))),
                        group(Map.of(SCALE, "0.2"), List.of(Observation.at(1), Observation.at(1)))));

        assertThat(figure.csv()).isEqualTo("""
                initialization.scale,runs,flow_time,watched,escaped,remaining,remaining_low,remaining_high
                0.1,2,2.0,2,1,0.5,%1$s,%2$s
                0.1,2,9.0,,0,0.5,%1$s,%2$s
                0.2,2,1.0,2,2,0.0,,
                0.2,2,1.0,,0,0.0,,
                """.formatted(half.low(), half.high()));
        // The band is level from the only fall to the end, between those parts of the height from 258 to 24; where
        // nothing remains there is none.
        List<Element> bands = Page.all(Page.parse(figure.svg()), "polygon");
        assertThat(bands).hasSize(1);
        double[] points = List.of(bands.get(0).getAttribute("points").split(",", -1)).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(points[1]).isEqualTo(258 - 234 * half.high(), within(0.051)).isEqualTo(points[3]);
        assertThat(points[5]).isEqualTo(258 - 234 * half.low(), within(0.051)).isEqualTo(points[7]);
        assertThat(points[2]).isGreaterThan(points[0]).isEqualTo(points[4]);
    }

    @Test
    void ranksOverOneKeyHaveTheirCounts() {
        Figure figure = RankFigure.draw(
                        "1-a",
                        List.of(
                                group(
                                        Map.of(SCALE, "0.1"),
                                        outcome(0, Observation.at(1), 3, 1),
                                        outcome(1, Observation.at(1), 3, 1),
                                        outcome(2, Observation.at(1), 2, 1)),
                                group(Map.of(SCALE, "1"), outcome(0, Observation.at(1), 0, null))))
                .orElseThrow();

        assertThat(figure.csv()).isEqualTo("""
                initialization.scale,completed,median_rank,rank,runs
                0.1,3,3,2,1
                0.1,3,3,3,2
                1,1,0,0,1
                """);
    }

    @Test
    void ranksOverTwoKeysAreAMapAndNoCurve() {
        assertThat(RankFigure.draw("1-a", grid())).isEmpty();
    }

    private static List<GroupOutcomes> grid() {
        return List.of(
                group(
                        Map.of(SCALE, "0.05", DEPTH, "9"),
                        outcome(0, Observation.at(1), 3, 1),
                        outcome(1, Observation.at(2), 1, 1),
                        outcome(2, Observation.at(3), 1, 2),
                        outcome(3, Observation.at(4), 3, null)),
                group(Map.of(SCALE, "0.05", DEPTH, "10"), outcome(0, Observation.after(300), 0, null)),
                group(Map.of(SCALE, "1", DEPTH, "9"), outcome(0, Observation.at(0.5), 3, null)),
                group(Map.of(SCALE, "1", DEPTH, "10"), outcome(0, Observation.at(7), null, null)));
    }
}
