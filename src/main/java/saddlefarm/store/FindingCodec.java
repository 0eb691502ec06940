package saddlefarm.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Saddle;
import saddlefarm.theory.Theory;

/**
 * What was found beyond a plateau's row, and what was predicted, as JSON: the components of the records by name.
 * Numbers are read back exactly, infinite ones as texts.
 */
final class FindingCodec {

    private static final ObjectMapper JSON = new ObjectMapper();

    private FindingCodec() {}

    /** An escape without its direction, which is kept as bytes beside it. */
    private record Measurement(
            long step,
            double flowTime,
            double loss,
            @Nullable Double speed,
            @Nullable Double cosine,
            @Nullable Double leadingCosine,
            List<Double> ratios,
            List<Double> energies) {}

    static @Nullable String encode(@Nullable Saddle saddle) {
        return saddle == null ? null : text(saddle);
    }

    static @Nullable Saddle decodeSaddle(@Nullable String text) throws IOException {
        return text == null ? null : JSON.readValue(text, Saddle.class);
    }

    static @Nullable String encode(@Nullable Escape escape) {
        return escape == null
                ? null
                : text(new Measurement(
                        escape.step(),
                        escape.flowTime(),
                        escape.loss(),
                        escape.speed(),
                        escape.cosine(),
                        escape.leadingCosine(),
                        escape.ratios(),
                        escape.energies()));
    }

    /** @param direction as {@link CheckpointCodec#encodeNetwork} wrote it */
    static @Nullable Escape decodeEscape(@Nullable String text, byte @Nullable [] direction) throws IOException {
        if (text == null || direction == null) {
            return null;
        }
        var measured = JSON.readValue(text, Measurement.class);
        return new Escape(
                measured.step,
                measured.flowTime,
                measured.loss,
                measured.speed,
                measured.cosine,
                measured.leadingCosine,
                measured.ratios,
                measured.energies,
                CheckpointCodec.decodeNetwork(direction));
    }

    static String encode(Theory theory) {
        return text(theory);
    }

    static Theory decodeTheory(String text) throws IOException {
        return JSON.readValue(text, Theory.class);
    }

    private static String text(Object found) {
        try {
            return JSON.writeValueAsString(found);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of numbers are always JSON", e);
        }
    }
}
