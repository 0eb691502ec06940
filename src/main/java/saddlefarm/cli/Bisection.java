package saddlefarm.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/** The search for a value between two with different answers, by halving the distance of their logarithms. */
final class Bisection {

    /** Values with fewer digits can be read, and typed; steps of a thousandth need no more. */
    private static final MathContext DIGITS = new MathContext(6);

    private final double ratio;
    private BigDecimal left;
    private BigDecimal right;
    private final boolean answerLeft;

    /**
     * @param left above 0
     * @param right above 0, another value
     * @param answerLeft at the left; that at the right is the other one
     * @param ratio of the ends at which the search is over, above 1
     */
    Bisection(BigDecimal left, BigDecimal right, boolean answerLeft, double ratio) {
        this.left = left;
        this.right = right;
        this.answerLeft = answerLeft;
        this.ratio = ratio;
    }

    /** The value to try; empty when the ends are near enough. */
    Optional<BigDecimal> next() {
        if (ratio() <= ratio) {
            return Optional.empty();
        }
        BigDecimal middle = middle();
        // Ends without a number of so few digits between them are as near as they get.
        return middle.compareTo(left) == 0 || middle.compareTo(right) == 0 ? Optional.empty() : Optional.of(middle);
    }

    void answer(BigDecimal value, boolean answer) {
        if (answer == answerLeft) {
            left = value;
        } else {
            right = value;
        }
    }

    /** The nearest value that answered yes. */
    BigDecimal yes() {
        return answerLeft ? left : right;
    }

    /** The nearest value that answered no. */
    BigDecimal no() {
        return answerLeft ? right : left;
    }

    /** How many times as large the larger end is. */
    double ratio() {
        double ends = left.doubleValue() / right.doubleValue();
        return Math.max(ends, 1 / ends);
    }

    /** The value in the middle of the ends' logarithms. */
    BigDecimal middle() {
        return new BigDecimal(Math.sqrt(left.doubleValue()) * Math.sqrt(right.doubleValue()), DIGITS)
                .stripTrailingZeros();
    }
}
