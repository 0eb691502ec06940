package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.statistics.Interval;
import saddlefarm.statistics.KaplanMeier;

/** Maps over two swept keys: where a run ends, whether it rests at rank one, when it leaves the origin, and if ever. */
final class PhaseMaps {

    private static final Axis PARTS = new Axis(false, 0, 1, 0, 1);

    private PhaseMaps() {}

    static List<Figure> draw(String name, SweepGrid grid) {
        String csv = csv(grid);
        var figures = new ArrayList<Figure>();
        figures.add(new Figure(
                name + ".final-rank",
                "Final rank" + grid.setting(),
                "Median over seeds of the rank at the end of a run (of an even number the lower of the two in the middle),"
                        + " and how many of the completed runs have it.",
                finalRank(grid),
                csv));
        figures.add(new Figure(
                name + ".first-plateau",
                "First plateau after the origin at rank one" + grid.setting(),
                "Part of the completed runs whose first plateau after the origin, minima not counted, has rank one.",
                map(
                        grid,
                        "First plateau at rank one",
                        PARTS,
                        group -> part(rankOne(group), group.ranks().size())),
                csv));
        figures.add(new Figure(
                name + ".first-escape",
                "Time of the first escape" + grid.setting(),
                "Median over seeds (Kaplan-Meier) of the flow time at which the loss has fallen by 2%, and how many of the"
                        + " runs did. Where the median was not reached the cell is empty and the time that it exceeds is"
                        + " given.",
                firstEscape(grid),
                csv));
        figures.add(new Figure(
                name + ".never-escaped",
                "Runs that never escaped" + grid.setting(),
                "Part of the runs whose loss had not fallen by 2% when they ended.",
                map(grid, "Runs that never escaped", PARTS, group -> {
                    KaplanMeier escapes = group.escapes();
                    return part(escapes.observations() - escapes.happened(), escapes.observations());
                }),
                csv));
        return figures;
    }

    /** Gives the cell of a group. */
    @FunctionalInterface
    private interface GroupCell {
        HeatMap.Cell of(GroupOutcomes group);
    }

    private static String map(SweepGrid grid, String title, Axis colour, GroupCell cell) {
        return new HeatMap(grid, colour, (x, y) -> cell.of(grid.at(x, y))).draw(title);
    }

    private static String finalRank(SweepGrid grid) {
        int most = grid.groups().stream()
                .map(GroupOutcomes::medianRank)
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
        return map(grid, "Final rank", new Axis(false, 0, Math.max(1, most), 0, 1), group -> {
            Integer rank = group.medianRank();
            return rank == null
                    ? new HeatMap.Cell(null, List.of("–"))
                    : new HeatMap.Cell(
                            (double) rank,
                            List.of(
                                    rank.toString(),
                                    "%d of %d"
                                            .formatted(
                                                    ranked(group, rank),
                                                    group.ranks().size())));
        });
    }

    private static String firstEscape(SweepGrid grid) {
        double[] medians = grid.groups().stream()
                .map(group -> group.escapes().median())
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .filter(median -> median > 0)
                .toArray();
        double least = DoubleStream.of(medians).min().orElse(1);
        double greatest = Math.max(least * 1.01, DoubleStream.of(medians).max().orElse(1));
        return map(grid, "Time of the first escape", new Axis(true, least, greatest, 0, 1), group -> {
            KaplanMeier escapes = group.escapes();
            Double median = escapes.median();
            return new HeatMap.Cell(
                    median,
                    List.of(
                            median == null ? "> " + Rounded.narrow(escapes.end()) : Rounded.narrow(median),
                            "%d of %d".formatted(escapes.happened(), escapes.observations())));
        });
    }

    private static HeatMap.Cell part(long count, int of) {
        return of == 0
                ? new HeatMap.Cell(null, List.of("–"))
                : new HeatMap.Cell((double) count / of, List.of("%d of %d".formatted(count, of)));
    }

    private static long ranked(GroupOutcomes group, int rank) {
        return group.ranks().stream().filter(r -> r == rank).count();
    }

    private static long rankOne(GroupOutcomes group) {
        return group.outcomes().stream()
                .filter(outcome -> Integer.valueOf(1).equals(outcome.firstPlateau()))
                .count();
    }

    private static String csv(SweepGrid grid) {
        return Table.csv(csv -> {
            csv.cells(grid.x().key(), grid.y().key(), "completed", "final_rank", "with_final_rank");
            csv.cells("first_plateau_at_rank_one", "runs", "escaped", "first_escape", "first_escape_low");
            csv.cells("first_escape_high", "watched_until").endRow();
            for (String x : grid.x().values()) {
                for (String y : grid.y().values()) {
                    GroupOutcomes group = grid.at(x, y);
                    KaplanMeier escapes = group.escapes();
                    @Nullable Integer rank = group.medianRank();
                    Interval interval = group.medianEscape();
                    csv.cells(x, y)
                            .cell((long) group.ranks().size())
                            .cell(rank)
                            .cell(rank == null ? null : Long.valueOf(ranked(group, rank)))
                            .cell(rankOne(group))
                            .cell((long) escapes.observations())
                            .cell((long) escapes.happened())
                            .cell(escapes.median())
                            .cell(interval.low())
                            .cell(interval.high())
                            .cell(escapes.end())
                            .endRow();
                }
            }
        });
    }
}
