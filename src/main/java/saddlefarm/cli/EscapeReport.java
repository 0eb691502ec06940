package saddlefarm.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.Specification;
import saddlefarm.theory.EscapeDirection;
import saddlefarm.theory.EscapeFindings;
import saddlefarm.theory.EscapeLayer;
import saddlefarm.theory.EscapeVerdict;
import saddlefarm.theory.SpeedLevel;

/**
 * The escape directions of one network on one task, for people and for programs.
 *
 * @param run one of those on that network and task
 */
record EscapeReport(RunSpec run, EscapeFindings findings) {

    /** As named fields, ready to be written as JSON. */
    Map<String, @Nullable Object> document() {
        EscapeDirection best = findings.best();
        var fields = new LinkedHashMap<String, @Nullable Object>();
        var swept = new LinkedHashMap<String, @Nullable Object>();
        swept().forEach((key, value) -> swept.put(key, Specification.plain(value)));
        fields.put("swept", swept);
        fields.put("depth", best.depth());
        fields.put("widths", run.architecture().widths());
        fields.put("activation", lowerCase(run.architecture().activation()));
        fields.put("loss", lowerCase(run.loss()));
        fields.put("speed", best.speed());
        fields.put("residual", best.residual());
        fields.put("restarts", findings.restarts());
        fields.put("reached_best", findings.reachedBest());
        fields.put("speeds", findings.levels().stream().map(EscapeReport::level).toList());
        fields.put("verdict", findings.verdict().label());
        fields.put("layers", best.layers().stream().map(EscapeReport::layer).toList());
        return fields;
    }

    void print(PrintWriter out) {
        EscapeDirection best = findings.best();
        out.printf(
                "Escape directions of the origin: %s, widths %s, %s, %s%n",
                run.experiment(),
                run.architecture().widths().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                lowerCase(run.architecture().activation()),
                lowerCase(run.loss()));
        swept().forEach((key, value) -> out.printf("%s = %s%n", key, value));
        out.println();
        out.printf(Locale.ROOT, "speed     %.6f%n", best.speed());
        out.printf("reached   by %d of %d restarts%s%n", findings.reachedBest(), findings.restarts(), others());
        out.printf(Locale.ROOT, "residual  %.1e%n", best.residual());
        out.printf("verdict   %s%n%n", sentence());
        table().print(out);
    }

    /** Swept keys that decide on network and task. */
    private Map<String, String> swept() {
        var swept = new TreeMap<String, String>();
        run.swept().forEach((key, value) -> {
            if (key.startsWith("network.") || key.startsWith("data.") || key.equals("loss")) {
                swept.put(key, value);
            }
        });
        return swept;
    }

    private String others() {
        var others = findings.levels().subList(1, findings.levels().size()).stream()
                .map(level -> String.format(Locale.ROOT, "%d at %.6f", level.restarts(), level.speed()))
                .collect(Collectors.toList());
        int found = findings.levels().stream().mapToInt(SpeedLevel::restarts).sum();
        if (found < findings.restarts()) {
            others.add("%d found nothing".formatted(findings.restarts() - found));
        }
        return others.isEmpty() ? "" : "; " + String.join(", ", others);
    }

    private String sentence() {
        EscapeVerdict verdict = findings.verdict();
        if (verdict instanceof EscapeVerdict.Violated violated) {
            return "σ1/σ2 is below ℓ^(1/4) in layer %d, which the theorem allows for finitely many first layers"
                    .formatted(violated.layer());
        } else if (verdict instanceof EscapeVerdict.TooFewAgree few) {
            return "this direction is not shown to be optimal: %d of %d restarts reached its speed, and %d are needed"
                    .formatted(few.reached(), findings.restarts(), few.needed());
        } else if (verdict instanceof EscapeVerdict.NotStationary not) {
            return "this direction is not shown to be optimal: its residual is above " + not.most();
        }
        return "σ1/σ2 is at least ℓ^(1/4) in every layer";
    }

    private TextTable table() {
        var table = new TextTable(List.of("layer", "σ1", "σ2", "σ1/σ2", "ℓ^(1/4)", "tail", "tail √ℓ", "norm"));
        for (EscapeLayer layer : findings.best().layers()) {
            List<Double> values = layer.singularValues();
            table.add(List.of(
                    TextTable.count(layer.layer()),
                    TextTable.quantity(values.get(0)),
                    values.size() < 2 ? "" : TextTable.quantity(values.get(1)),
                    Double.isInfinite(layer.ratio()) ? "∞" : TextTable.quantity(layer.ratio()),
                    TextTable.quantity(layer.bound()),
                    TextTable.quantity(layer.tail()),
                    TextTable.quantity(layer.scaledTail()),
                    TextTable.quantity(layer.norm())));
        }
        return table;
    }

    private static Map<String, Object> level(SpeedLevel level) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("speed", level.speed());
        fields.put("restarts", level.restarts());
        return fields;
    }

    /** The ratio of a layer of rank one is not a number, so null. */
    private static Map<String, Object> layer(EscapeLayer layer) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("layer", layer.layer());
        fields.put("norm", layer.norm());
        fields.put("singular_values", layer.singularValues());
        fields.put("ratio", layer.ratio());
        fields.put("bound", layer.bound());
        fields.put("tail", layer.tail());
        return fields;
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
