package saddlefarm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import saddlefarm.BareRun;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.EscapeMode;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.SaddleIndex;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.theory.OptimalEscape;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Theory;

class FindingCodecTest {

    private static final Architecture ARCHITECTURE = new Architecture(List.of(2, 3, 1), Activation.RELU, false);

    /** Doubles without short decimals, the least and the greatest, zeros of both signs and an infinite ratio. */
    private static final List<Double> UNUSUAL =
            List.of(0.1 + 0.2, 1 / 3e-22, Double.MIN_VALUE, Double.MAX_VALUE, -0.0, 0.0, Double.POSITIVE_INFINITY);

    @Test
    void aSaddleReadsBackToTheLastBit() throws IOException {
        var whole = List.of(1, 2, 3, 4, 5, 6, Integer.MAX_VALUE);
        var mode = new EscapeMode(-Double.MIN_VALUE, 1e-300, UNUSUAL, UNUSUAL);
        var index = new SaddleIndex(1, false, 0.1 / 3, List.of(mode));
        for (Saddle saddle : List.of(
                new Saddle(index, 7, whole, UNUSUAL, UNUSUAL, whole),
                new Saddle(null, 0, List.of(), List.of(), List.of(), List.of()),
                TestRuns.saddle(0),
                TestRuns.saddle(1))) {
            assertThat(FindingCodec.decodeSaddle(FindingCodec.encode(saddle))).isEqualTo(saddle);
        }
    }

    @Test
    void anEscapeReadsBackToTheLastBit() throws IOException {
        var direction = TestRuns.parameters(0.7, ARCHITECTURE);
        var unusual = new Escape(
                Long.MAX_VALUE, 1e-320, 0.1 + 0.2, Double.MIN_VALUE, 1 / 7.0, -0.0, UNUSUAL, UNUSUAL, direction);
        for (Escape escape : List.of(unusual, TestRuns.escape(0, ARCHITECTURE), TestRuns.escape(1, ARCHITECTURE))) {
            byte[] bytes = CheckpointCodec.encodeNetwork(escape.direction());
            Escape read = FindingCodec.decodeEscape(FindingCodec.encode(escape), bytes);
            assertThat(BareRun.content(Objects.requireNonNull(read))).isEqualTo(BareRun.content(escape));
        }
    }

    @Test
    void theoryOfABuildThatKeptNoRatiosOfTheFastestDirectionHasNone() throws IOException {
        String text = FindingCodec.encode(new Theory(
                Predicted.of(new OptimalEscape(4, 0.5, 8, 7, "holds", List.of(1.25, 2.0))),
                Predicted.not("not left"),
                Predicted.not("not left"),
                Predicted.not("no ladder"),
                Predicted.not("no modes"),
                Predicted.not("no rate")));
        String earlier = text.replace(",\"ratios\":[1.25,2.0]", "");

        assertThat(earlier).isNotEqualTo(text);
        assertThat(FindingCodec.decodeTheory(earlier).optimal().value())
                .isEqualTo(new OptimalEscape(4, 0.5, 8, 7, "holds", List.of()));
    }

    @Test
    void nothingIsNothing() throws IOException {
        assertThat(FindingCodec.encode((Saddle) null)).isNull();
        assertThat(FindingCodec.encode((Escape) null)).isNull();
        assertThat(FindingCodec.decodeSaddle(null)).isNull();
        assertThat(FindingCodec.decodeEscape(null, null)).isNull();
    }

    @Test
    void whatIsNoFindingIsRefused() {
        assertThatIOException().isThrownBy(() -> FindingCodec.decodeSaddle("{\"index\":"));
        assertThatIOException().isThrownBy(() -> FindingCodec.decodeSaddle("{\"jacobianRank\":-1}"));
        byte[] direction = CheckpointCodec.encodeNetwork(TestRuns.parameters(0, ARCHITECTURE));
        assertThatIOException().isThrownBy(() -> FindingCodec.decodeEscape("[]", direction));
    }
}
