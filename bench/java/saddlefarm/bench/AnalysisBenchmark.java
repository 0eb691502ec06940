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
import saddlefarm.analysis.Spectra;
import saddlefarm.descent.DescentState;
import saddlefarm.descent.GradientDescent;
import saddlefarm.linalg.Kernels;
import saddlefarm.network.Hessian;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/** What the analysis asks for beside the steps: to be compared with the time of a step of the same shape. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AnalysisBenchmark {

    @Param({"64-100-100-100-10x1000", "64-32-32-10x100", "64-50-50-50-10x200"})
    private String shape;

    @Param({"ordered", "openblas"})
    private String backend;

    private Kernels kernels;
    private GradientDescent descent;
    private Parameters point;
    private Hessian hessian;
    private double[] vector;
    private double[] product;

    @Setup
    public void begin() {
        Case one = Case.of(shape);
        kernels = Kernels.of(backend);
        descent = one.descent(kernels);
        descent.evaluate();
        point = one.initial();
        hessian = new Hessian(Loss.MSE, one.inputs, one.targets, kernels, point);
        vector = point.toVector();
        product = new double[vector.length];
    }

    /** All singular values of all layers. */
    @Benchmark
    public Spectra spectra() {
        return Spectra.of(point, kernels);
    }

    @Benchmark
    public double[] hessianVectorProduct() {
        hessian.apply(vector, product);
        return product;
    }

    /** The copy of the state that goes to the analyzer. */
    @Benchmark
    public DescentState snapshot() {
        return descent.state();
    }
}
