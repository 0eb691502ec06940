package saddlefarm.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error of order h³: 0.8 e^{−1/3}, and after two steps times its trend; all within a factor of ten. */
class StepControlTest {

    @ParameterizedTest(name = "error {0}")
    @CsvSource({"8, 0.4", "1, 0.8", "1e9, 0.1", "Infinity, 0.1", "NaN, 0.1"})
    void aRejectedStepIsShortened(double error, double factor) {
        assertThat(StepControl.afterRejection(error)).isCloseTo(factor, within(1e-15));
    }

    @ParameterizedTest(name = "error {0} after {1}, step {2} after {3}")
    @CsvSource({
        "0.125, 0, 1, 0, 1.6",
        "1, 0, 1, 0, 0.8",
        "0, 0, 1, 0, 10",
        // the error has grown eightfold at the same step: half as long
        "1, 0.125, 1, 1, 0.4",
        // it has grown as the step's length explains: no trend
        "1, 0.125, 2, 1, 0.8",
        // it has fallen, which is not trusted
        "0.125, 1, 1, 1, 1.6",
        "1, 1e-9, 1, 1, 0.1",
    })
    void anAcceptedStepFollowsItsErrorAndTheTrend(
            double error, double lastError, double h, double lastStep, double factor) {
        assertThat(StepControl.afterAcceptance(h, error, lastStep, lastError)).isCloseTo(factor, within(1e-14));
    }
}
