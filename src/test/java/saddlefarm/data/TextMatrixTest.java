package saddlefarm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.StringReader;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextMatrixTest {

    @Test
    void aLineIsARow() throws IOException {
        DMatrixRMaj matrix = read("1 2 3\n4 5 6\n");
        assertThat(matrix.numRows).isEqualTo(2);
        assertThat(matrix.numCols).isEqualTo(3);
        assertThat(matrix.data).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void anyWhiteSpaceParts() throws IOException {
        assertThat(read("\t1\t 2  \r\n   3 4").data).containsExactly(1, 2, 3, 4);
    }

    @Test
    void blankLinesAndRemarksDoNotCount() throws IOException {
        assertThat(read("# X, 1 × 2\n\n  # more\n1 2\n   \n").data).containsExactly(1, 2);
    }

    @Test
    void numbersAreTheNearestDoubles() throws IOException {
        assertThat(read("0.1 1e-320 -1.7976931348623157E308 -0").data)
                .containsExactly(0.1, 1e-320, -Double.MAX_VALUE, -0.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'1 2 3\n# remark\n4 5\n' | X.txt: line 3 has 2 values but line 1 has 3",
                "'\n\n1 2\n3 4 5\n' | X.txt: line 4 has 3 values but line 3 has 2",
                "'1 2\n3 NaN\n' | X.txt: line 2, value 2: NaN is not a finite number",
                "'-Infinity 2\n' | X.txt: line 1, value 1: -Infinity is not a finite number",
                "'1\n2\n1e999\n' | X.txt: line 3, value 1: 1e999 is not a finite number",
                "'1 nan\n' | 'X.txt: line 1, value 2: \"nan\" is not a number'",
                "'1,2\n' | 'X.txt: line 1, value 1: \"1,2\" is not a number'",
                "'1 2 # two\n' | 'X.txt: line 1, value 3: \"#\" is not a number'",
            })
    void aMistakeIsToldWithItsLineAndValue(String text, String message) {
        assertMistake(text, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n \n", "# nothing\n"})
    void aTextWithoutNumbersIsToldSo(String text) {
        assertMistake(text, "X.txt: no values");
    }

    @Test
    void inATaskOfMatricesASampleIsAColumn() throws IOException {
        Task task = TextMatrix.task(read("1 2 3\n4 5 6\n"), read("7 8 9\n"));
        assertThat(task.samples()).isEqualTo(3);
        assertThat(task.inputWidth()).isEqualTo(2);
        assertThat(task.inputs().toMatrix().data).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(task.targets().toMatrix().data).containsExactly(7, 8, 9);
    }

    @Test
    void inputsAndTargetsAreOfEquallyManySamples() throws IOException {
        DMatrixRMaj x = read("1 2 3\n");
        DMatrixRMaj t = read("1 2\n");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> TextMatrix.task(x, t))
                .withMessage("3 inputs but 2 targets");
    }

    private static void assertMistake(String text, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> read(text))
                .withMessage(message);
    }

    private static DMatrixRMaj read(String text) throws IOException {
        return TextMatrix.read(new StringReader(text), "X.txt");
    }
}
