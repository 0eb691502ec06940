package saddlefarm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import saddlefarm.data.TargetColumns.Last;
import saddlefarm.data.TargetColumns.Names;
import saddlefarm.data.TargetColumns.Numbers;

class CsvTest {

    private static final String TABLE = "a,b,c,d\n1,2,3,4\n5,6,7,8\n";

    static Stream<Arguments> choices() {
        return Stream.of(
                Arguments.of(new Last(1), List.of(1., 2., 3., 5., 6., 7.), List.of(4., 8.)),
                Arguments.of(new Last(3), List.of(1., 5.), List.of(2., 3., 4., 6., 7., 8.)),
                Arguments.of(new Numbers(List.of(1)), List.of(2., 3., 4., 6., 7., 8.), List.of(1., 5.)),
                Arguments.of(new Numbers(List.of(4, 2)), List.of(1., 3., 5., 7.), List.of(4., 2., 8., 6.)),
                Arguments.of(new Names(List.of("c")), List.of(1., 2., 4., 5., 6., 8.), List.of(3., 7.)),
                Arguments.of(new Names(List.of("d", "a")), List.of(2., 3., 6., 7.), List.of(4., 1., 8., 5.)));
    }

    /** Targets come in the order in which they are named, inputs in that of the table. */
    @ParameterizedTest
    @MethodSource("choices")
    void theColumnsThatAreNoTargetsAreInputs(TargetColumns targets, List<Double> inputs, List<Double> outputs)
            throws IOException {
        Task task = read(TABLE, targets);
        assertThat(task.samples()).isEqualTo(2);
        assertThat(task.inputs().toMatrix().data).containsExactly(array(inputs));
        assertThat(task.targets().toMatrix().data).containsExactly(array(outputs));
    }

    @Test
    void aFirstLineOfNumbersIsASample() throws IOException {
        assertThat(read("1,2\n3,4\n", new Last(1)).samples()).isEqualTo(2);
        assertThat(read("x,y\n3,4\n", new Last(1)).samples()).isEqualTo(1);
    }

    @Test
    void headersMayBeQuotedAndSpacesAndBlankLinesDoNotMatter() throws IOException {
        Task task = read("\n\"a\" , \"b c\",\"\"\r\n\r\n 1 , 2,3 \r\n", new Names(List.of("b c", "")));
        assertThat(task.inputs().toMatrix().data).containsExactly(1);
        assertThat(task.targets().toMatrix().data).containsExactly(2, 3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a,b\n1,2\n3\n' | t.csv: line 3 has 1 values but the table has 2 columns",
                "'1,2\n3,4,5\n' | t.csv: line 2 has 3 values but the table has 2 columns",
                "'a,b\n1,\n' | 't.csv: line 2, value 2: \"\" is not a number'",
                "'a,b\n1,two\n' | 't.csv: line 2, value 2: \"two\" is not a number'",
                "'a,b\n\n1,\"2\"\n' | 't.csv: line 3, value 2: \"\"2\"\" is not a number'",
                "'1,2\nNaN,4\n' | t.csv: line 2, value 1: NaN is not a finite number",
                "'1,1e999\n' | t.csv: line 1, value 2: 1e999 is not a finite number",
                "'a,b\n' | t.csv: no values",
                "'' | t.csv: no values",
            })
    void aMistakeIsToldWithItsLine(String text, String message) {
        assertMistake(text, new Last(1), message);
    }

    static Stream<Arguments> badChoices() {
        return Stream.of(
                Arguments.of(
                        new Last(4),
                        "t.csv: of 4 columns 4 are targets, but inputs and targets need one each at least"),
                Arguments.of(new Last(5), "t.csv: there are columns 1 to 4 but not 0"),
                Arguments.of(new Numbers(List.of(5)), "t.csv: there are columns 1 to 4 but not 5"),
                Arguments.of(new Numbers(List.of(2, 2)), "t.csv: a target column is named twice"),
                Arguments.of(
                        new Names(List.of()),
                        "t.csv: of 4 columns 0 are targets, but inputs and targets need one each at least"),
                Arguments.of(new Names(List.of("e")), "t.csv: no column is called \"e\"; there are a, b, c, d"));
    }

    @ParameterizedTest
    @MethodSource("badChoices")
    void columnsThatTheTableDoesNotHaveAreNamed(TargetColumns targets, String message) {
        assertMistake(TABLE, targets, message);
    }

    @Test
    void aTableWithoutHeadersHasNoNames() {
        assertMistake("1,2\n", new Names(List.of("a")), "t.csv: no column is called \"a\"; there are no headers");
    }

    private static void assertMistake(String text, TargetColumns targets, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> read(text, targets))
                .withMessage(message);
    }

    private static Task read(String text, TargetColumns targets) throws IOException {
        return Csv.read(new StringReader(text), "t.csv", targets);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
