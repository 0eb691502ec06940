package saddlefarm.detector;

import java.util.List;
import java.util.Map;

/** The results of the bench as tables for people, in Markdown. */
final class BenchTable {

    private final Map<Configuration, List<LabelledRun>> bench;
    private final StringBuilder text = new StringBuilder();

    BenchTable(Map<Configuration, List<LabelledRun>> bench) {
        this.bench = bench;
        configurations();
        total();
        tolerances();
        Score.of(all(), 0).mistakes().forEach(mistake -> line("%n%s", mistake));
        line("%n");
    }

    String text() {
        return text.toString();
    }

    private void configurations() {
        line("%n| configuration | runs | recall | precision | transitions: recall | precision | confirmed late |");
        line("%n|---|---|---|---|---|---|---|");
        bench.forEach((configuration, runs) -> {
            var score = Score.of(runs, 0);
            line(
                    "%n| %s | %d | %s | %s | %s | %s | %s |",
                    configuration.name(),
                    score.runs(),
                    counted(score.recall()),
                    counted(score.precision()),
                    counted(score.transitionRecall()),
                    counted(score.transitionPrecision()),
                    score.confirmations());
        });
    }

    private void total() {
        var score = Score.of(all(), 0);
        line("%n%n| of all %d runs | |%n|---|---|", score.runs());
        line("%n| recall of plateaus | %s |", counted(score.recall()));
        line("%n| precision of plateaus | %s |", counted(score.precision()));
        line("%n| recall of rank transitions | %s |", counted(score.transitionRecall()));
        line("%n| precision of rank transitions | %s |", counted(score.transitionPrecision()));
        line("%n| plateaus begin late by | %s |", score.begins());
        line("%n| plateaus end late by | %s |", score.ends());
        line("%n| escapes are confirmed late by | %s |", score.confirmations());
        line("%n| found although they need not be | %d |", score.neither());
    }

    private void tolerances() {
        line("%n%n| tolerance of the labels | recall | precision |%n|---|---|---|");
        for (int i = 0; i < LabelledRun.TOLERANCES.size(); i++) {
            var score = Score.of(all(), i);
            line(
                    "%n| %s | %s | %s |",
                    LabelledRun.TOLERANCES.get(i), counted(score.recall()), counted(score.precision()));
        }
        line("%n");
    }

    private List<LabelledRun> all() {
        return bench.values().stream().flatMap(List::stream).toList();
    }

    private static String counted(Interval interval) {
        return "%s, %d of %d".formatted(interval, interval.part(), interval.whole());
    }

    private void line(String format, Object... values) {
        text.append(format.formatted(values));
    }
}
