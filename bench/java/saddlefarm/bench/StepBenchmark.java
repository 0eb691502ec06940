package saddlefarm.bench;

import java.util.concurrent.TimeUnit;
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
import saddlefarm.descent.GradientDescent;
import saddlefarm.linalg.Kernels;

/** A whole step of gradient descent as a training takes it: loss, gradient, norms, update. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class StepBenchmark {

    @Param({
        "64-100-100-100-10x1000",
        "64-64-64-64-64-64-10x256",
        "64-32-32-10x100",
        "10-10-10-10-10x500",
        "64-256-256-256-10x5000",
        "64-50-50-50-10x200"
    })
    private String shape;

    @Param({"ordered", "openblas"})
    private String backend;

    private GradientDescent descent;

    @Setup
    public void begin() {
        descent = Case.of(shape).descent(Kernels.of(backend));
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
    public boolean step() {
        descent.advance();
        descent.evaluate();
        return descent.finite();
    }
}
