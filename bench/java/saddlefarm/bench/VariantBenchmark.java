package saddlefarm.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import saddlefarm.descent.Descent;
import saddlefarm.descent.GradientFlow;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Activation;
import saddlefarm.network.Loss;

/**
 * A step of whatever else a user may ask for, to be compared with {@code mse}: ReLU without biases, mean squared error,
 * gradient descent. Each other variant differs from it in what it is called after. A step of gradient flow takes many
 * evaluations of the gradient; they are counted for all.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class VariantBenchmark {

    @Param({"64-32-32-10x100", "64-100-100-100-10x1000"})
    private String shape;

    @Param({"mse", "cross-entropy", "biases", "linear", "gradient-flow"})
    private String variant;

    private Descent descent;

    /** Beside the steps. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Counters {

        public long evaluations;
    }

    @Setup
    public void begin() {
        Case one = Case.of(
                shape,
                variant.equals("linear") ? Activation.LINEAR : Activation.RELU,
                variant.equals("biases"),
                variant.equals("cross-entropy") ? Loss.CROSS_ENTROPY : Loss.MSE);
        descent = variant.equals("gradient-flow") ? one.flow(Kernels.ordered()) : one.descent(Kernels.ordered());
        descent.evaluate();
        double first = descent.loss();
        for (int step = 0; step < 3; step++) {
            descent.advance();
            descent.evaluate();
        }
        if (!(descent.loss() < first)) {
            throw new IllegalStateException("not a descent");
        }
    }

    @Benchmark
    public boolean step(Counters counters) {
        long before = evaluations();
        descent.advance();
        descent.evaluate();
        counters.evaluations += evaluations() - before;
        return descent.finite();
    }

    /** One a step, but for gradient flow. */
    private long evaluations() {
        return descent instanceof GradientFlow flow ? flow.evaluations() : descent.step();
    }
}
