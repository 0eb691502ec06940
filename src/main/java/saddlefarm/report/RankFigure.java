package saddlefarm.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The final rank over the one swept key that is a number and no seed. */
final class RankFigure {

    private RankFigure() {}

    /** Where one such key and no other is swept. */
    static Optional<Figure> draw(String name, List<GroupOutcomes> groups) {
        List<SweptKey> keys = SweptKey.of(groups);
        List<GroupOutcomes> ranked =
                groups.stream().filter(group -> group.medianRank() != null).toList();
        if (keys.size() != 1 || keys.get(0).values().size() != groups.size() || ranked.size() < 2) {
            return Optional.empty();
        }
        SweptKey key = keys.get(0);
        int most = ranked.stream()
                .flatMap(group -> group.ranks().stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        var svg = new Svg(Frame.WIDTH, Frame.HEIGHT, "Final rank over " + key.key());
        var ranks = new Axis(false, -0.3, most + 0.5, Frame.BOTTOM, Frame.TOP);
        Axis values = axis(key);
        var plot = new Plot(svg, values, ranks).counting(false, true).frame(key.key(), "final rank");
        plot.curve(
                ranked.stream().mapToDouble(group -> value(group, key)).toArray(),
                ranked.stream().mapToDouble(GroupOutcomes::medianRank).toArray(),
                Ink.CURVE,
                1.5,
                Plot.SOLID);
        for (GroupOutcomes group : ranked) {
            counts(group)
                    .forEach((rank, count) -> svg.dot(
                            values.at(value(group, key)),
                            ranks.at(rank),
                            1.5 + 4.5 * Math.sqrt((double) count / group.ranks().size()),
                            Ink.CURVE));
        }
        return Optional.of(new Figure(
                name + ".final-rank",
                "Final rank over " + key.key(),
                "The rank at the end of the completed runs; a dot's area is the part of a group's runs that have it. The line"
                        + " joins the medians, of an even number the lower of the two in the middle.",
                svg.end(),
                csv(key, ranked)));
    }

    private static Axis axis(SweptKey key) {
        double least = SweptKey.number(key.values().get(0));
        double greatest = SweptKey.number(key.values().get(key.values().size() - 1));
        if (key.isLogarithmic()) {
            return new Axis(true, least / 1.2, greatest * 1.2, Frame.LEFT, Frame.RIGHT);
        }
        double room = (greatest - least) / 20;
        return new Axis(false, least - room, greatest + room, Frame.LEFT, Frame.RIGHT);
    }

    private static double value(GroupOutcomes group, SweptKey key) {
        return SweptKey.number(group.value(key.key()));
    }

    private static Map<Integer, Long> counts(GroupOutcomes group) {
        return group.ranks().stream().collect(Collectors.groupingBy(rank -> rank, TreeMap::new, Collectors.counting()));
    }

    private static String csv(SweptKey key, List<GroupOutcomes> ranked) {
        return Table.csv(csv -> {
            csv.cells(key.key(), "completed", "median_rank", "rank", "runs").endRow();
            for (GroupOutcomes group : ranked) {
                for (var count : counts(group).entrySet()) {
                    csv.cell(group.value(key.key()))
                            .cell((long) group.ranks().size())
                            .cell(group.medianRank())
                            .cell(count.getKey())
                            .cell(count.getValue())
                            .endRow();
                }
            }
        });
    }
}
