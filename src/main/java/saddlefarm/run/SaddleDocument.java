package saddlefarm.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.EscapeMode;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.SaddleIndex;

/** What a saddle is made of and how it was left, as named fields. A ratio is null where it is infinite. */
final class SaddleDocument {

    private SaddleDocument() {}

    static @Nullable Map<String, @Nullable Object> saddle(@Nullable Saddle saddle) {
        if (saddle == null) {
            return null;
        }
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("index", saddle.index() == null ? null : index(saddle.index()));
        fields.put("jacobian_rank", saddle.jacobianRank());
        fields.put("activation_ranks", saddle.activationRanks());
        fields.put("balance", saddle.balance());
        fields.put("alignment", saddle.alignment());
        fields.put("dead_units", saddle.deadUnits());
        return fields;
    }

    static @Nullable Map<String, @Nullable Object> escape(@Nullable Escape escape) {
        if (escape == null) {
            return null;
        }
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("step", escape.step());
        fields.put("flow_time", escape.flowTime());
        fields.put("loss", escape.loss());
        fields.put("speed", escape.speed());
        fields.put("cosine", escape.cosine());
        fields.put("leading_cosine", escape.leadingCosine());
        fields.put("ratios", escape.ratios());
        fields.put("energies", escape.energies());
        return fields;
    }

    private static Map<String, Object> index(SaddleIndex index) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("count", index.count());
        fields.put("complete", index.complete());
        fields.put("tolerance", index.tolerance());
        fields.put("modes", index.modes().stream().map(SaddleDocument::mode).toList());
        return fields;
    }

    private static Map<String, Object> mode(EscapeMode mode) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("eigenvalue", mode.eigenvalue());
        fields.put("residual", mode.residual());
        fields.put("ratios", mode.ratios());
        fields.put("energies", mode.energies());
        return fields;
    }
}
