package saddlefarm.farm;

/** The scalars of consecutive steps, on their way from a trainer to its analyzer, who owns them from then on. */
final class Steps {

    static final int CAPACITY = 256;

    private final long first;
    private final double[] flowTimes = new double[CAPACITY];
    private final double[] losses = new double[CAPACITY];
    private final double[] squaredGradientNorms = new double[CAPACITY];
    private int size;

    /** None yet, beginning with a step. */
    Steps(long first) {
        this.first = first;
    }

    void add(double flowTime, double loss, double squaredGradientNorm) {
        flowTimes[size] = flowTime;
        losses[size] = loss;
        squaredGradientNorms[size] = squaredGradientNorm;
        size++;
    }

    int size() {
        return size;
    }

    boolean full() {
        return size == CAPACITY;
    }

    long step(int i) {
        return first + i;
    }

    double flowTime(int i) {
        return flowTimes[i];
    }

    double loss(int i) {
        return losses[i];
    }

    double squaredGradientNorm(int i) {
        return squaredGradientNorms[i];
    }
}
