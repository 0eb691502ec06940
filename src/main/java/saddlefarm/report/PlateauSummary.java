package saddlefarm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import saddlefarm.analysis.Plateau;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredPlateau;
import saddlefarm.statistics.Median;

/**
 * What the plateaus of one number were like over runs.
 *
 * @param number from 0, the origin
 * @param runs that have it
 * @param ranks how many had which rank there
 */
public record PlateauSummary(
        int number,
        int runs,
        SortedMap<Integer, Long> ranks,
        double medianLoss,
        double leastLoss,
        double greatestLoss) {

    /** Of all plateaus of these runs, by number. */
    public static List<PlateauSummary> of(RunStore store, List<RunSummary> runs) {
        Map<Integer, List<Plateau>> byNumber = new TreeMap<>();
        for (RunSummary run : runs) {
            for (StoredPlateau stored : store.plateaus(run.id())) {
                byNumber.computeIfAbsent(stored.plateau().number(), number -> new ArrayList<>())
                        .add(stored.plateau());
            }
        }
        return byNumber.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Such as {@code 1 (5), 2 (1)}: five of rank 1, one of rank 2; {@code 1} where all are. */
    public String ranksText() {
        return ranks.size() == 1
                ? ranks.firstKey().toString()
                : ranks.entrySet().stream()
                        .map(entry -> "%d (%d)".formatted(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static PlateauSummary of(int number, List<Plateau> plateaus) {
        List<Double> losses = plateaus.stream().map(Plateau::loss).sorted().toList();
        return new PlateauSummary(
                number,
                plateaus.size(),
                plateaus.stream().collect(Collectors.groupingBy(Plateau::rank, TreeMap::new, Collectors.counting())),
                Median.of(losses),
                losses.get(0),
                losses.get(losses.size() - 1));
    }
}
