package saddlefarm.detector;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The results of the bench as tables for people, in Markdown. */
final class BenchTable {

    private final Map<Configuration, List<LabelledRun>> bench;
    private final StringBuilder text = new StringBuilder();

    BenchTable(Map<Configuration, List<LabelledRun>> bench) {
        this.bench = bench;
        configurations();
        total();
        tolerances();
        text.append("\n");
        Score.of(all(), 0).mistakes().forEach(mistake -> text.append(mistake).append("\n"));
    }

    String text() {
        return text.toString();
    }

    private void configurations() {
        text.append("\n");
        row("configuration", "runs", "recall", "precision", "transitions: recall", "precision", "confirmed late by");
        rule(7);
        bench.forEach((configuration, runs) -> {
            var score = Score.of(runs, 0);
            row(
                    configuration.name(),
                    score.runs(),
                    score.recall(),
                    score.precision(),
                    score.transitionRecall(),
                    score.transitionPrecision(),
                    score.confirmations());
        });
    }

    private void total() {
        var score = Score.of(all(), 0);
        text.append("\n");
        row("all runs", score.runs());
        rule(2);
        row("recall of plateaus", score.recall());
        row("precision of plateaus", score.precision());
        row("recall of rank transitions", score.transitionRecall());
        row("precision of rank transitions", score.transitionPrecision());
        row("plateaus begin late by (median, 90th percentile, greatest)", score.begins());
        row("plateaus end late by", score.ends());
        row("escapes are confirmed late by", score.confirmations());
        row("of the plateaus that do not count, found", score.faint());
        row("of the runs that met a criterion at a loss of 1e-7 or less, at a minimum", Score.minima(all(), 1e-7));
        row("the same at 1e-5 or less", Score.minima(all(), 1e-5));
    }

    private void tolerances() {
        text.append("\n");
        row("tolerance of the labels", "recall", "precision");
        rule(3);
        for (int i = 0; i < LabelledRun.TOLERANCES.size(); i++) {
            var score = Score.of(all(), i);
            row(LabelledRun.TOLERANCES.get(i), score.recall(), score.precision());
        }
    }

    private List<LabelledRun> all() {
        return bench.values().stream().flatMap(List::stream).toList();
    }

    private void row(Object... cells) {
        text.append(Stream.of(cells).map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    private void rule(int cells) {
        text.append("|").append("---|".repeat(cells)).append("\n");
    }
}
