package saddlefarm.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkupTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a < b > c",
                "\"quoted\" & 'so'",
                "&amp;",
                "]]>",
                "σ₁/σ₂ ≥ ℓ",
                "\uD835\uDF03",
                "tab\tand line\nend"
            })
    void aReaderOfXmlReadsWhatWasWritten(String text) throws Exception {
        assertThat(Page.parse("<p>" + Markup.escaped(text) + "</p>").getTextContent())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u0008", "\u001f", "\uD800", "\uDFFF", "\uFFFE", "\uFFFF"})
    void whatXmlDoesNotHaveIsReplaced(String character) throws Exception {
        assertThat(Page.parse("<p>" + Markup.escaped("a" + character + "b") + "</p>")
                        .getTextContent())
                .isEqualTo("a\uFFFDb");
    }
}
