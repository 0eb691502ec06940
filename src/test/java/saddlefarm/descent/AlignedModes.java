package saddlefarm.descent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;
import saddlefarm.linalg.RandomStream;
import saddlefarm.linalg.TestMatrices;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Gradient;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/**
 * A deep linear network on whitened inputs with the teacher U diag(s) Vᵀ, in training from a start that is balanced and
 * aligned with it: W_ℓ = Q_ℓ diag(c^{1/L}) Q_{ℓ−1}ᵀ with Q_0 = V, Q_L = U. Then every mode c_j = u_jᵀ W_L ⋯ W_1 v_j
 * moves by itself, under gradient flow by c' = L c^{2−2/L} (s − c) (A. Saxe, J. McClelland, S. Ganguli, <i>Exact
 * solutions to the nonlinear dynamics of learning in deep linear neural networks</i>, 2014).
 */
final class AlignedModes {

    private static final int INPUTS = 5;
    private static final int WIDTH = 7;
    private static final int OUTPUTS = 4;
    private static final int SAMPLES = 8;

    private final DMatrixRMaj u;
    private final DMatrixRMaj v;
    private final Descent descent;

    AlignedModes(int depth, double[] strengths, double c, BiFunction<Gradient, DescentState, Descent> method) {
        var random = RandomStream.of(depth, "modes");
        DMatrixRMaj inputs = TestMatrices.orthonormal(SAMPLES, INPUTS, random);
        CommonOps_DDRM.scale(Math.sqrt(SAMPLES), inputs);
        v = TestMatrices.orthonormal(INPUTS, strengths.length, random);
        u = TestMatrices.orthonormal(OUTPUTS, strengths.length, random);
        DMatrixRMaj teacher = aligned(u, strengths, v);
        DMatrixRMaj targets = CommonOps_DDRM.multTransB(inputs, teacher, null);

        List<Integer> widths = new ArrayList<>(List.of(INPUTS));
        for (int layer = 1; layer < depth; layer++) {
            widths.add(WIDTH);
        }
        widths.add(OUTPUTS);
        var start = new Parameters(new Architecture(widths, Activation.LINEAR, false));
        double[] q = new double[strengths.length];
        Arrays.fill(q, Math.pow(c, 1.0 / depth));
        DMatrixRMaj below = v;
        for (int layer = 1; layer <= depth; layer++) {
            DMatrixRMaj above = layer == depth ? u : TestMatrices.orthonormal(WIDTH, strengths.length, random);
            start.weights(layer).setTo(aligned(above, q, below));
            below = above;
        }
        var evaluator = new Gradient(
                start.architecture(), Loss.MSE, PaddedMatrix.of(inputs), PaddedMatrix.of(targets), Kernels.ordered());
        descent = method.apply(evaluator, DescentState.initial(start));
    }

    /** c' = L c^{2−2/L} (s − c) from a start, by classical Runge-Kutta steps of 1e-3: to about 1e-10. */
    static DoubleUnaryOperator flow(int depth, double strength, double start) {
        DoubleUnaryOperator slope = c -> depth * Math.pow(c, 2 - 2.0 / depth) * (strength - c);
        return time -> {
            int steps = (int) Math.ceil(time / 1e-3);
            double h = steps == 0 ? 0 : time / steps;
            double c = start;
            for (int i = 0; i < steps; i++) {
                double k1 = slope.applyAsDouble(c);
                double k2 = slope.applyAsDouble(c + h / 2 * k1);
                double k3 = slope.applyAsDouble(c + h / 2 * k2);
                double k4 = slope.applyAsDouble(c + h * k3);
                c += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
            }
            return c;
        };
    }

    /** a(t) = s e^{2st} / (e^{2st} − 1 + s/a0), two layers. */
    static DoubleUnaryOperator sigmoid(double strength, double start) {
        return time -> {
            double growth = Math.exp(2 * strength * time);
            return strength * growth / (growth - 1 + strength / start);
        };
    }

    Descent descent() {
        return descent;
    }

    void step() {
        descent.evaluate();
        descent.advance();
    }

    /** Uᵀ W_L ⋯ W_1 V. */
    DMatrixRMaj modes() {
        DMatrixRMaj product = v;
        for (int layer = 1; layer <= descent.parameters().architecture().depth(); layer++) {
            product = CommonOps_DDRM.mult(descent.parameters().weights(layer), product, null);
        }
        return CommonOps_DDRM.multTransA(u, product, null);
    }

    private static DMatrixRMaj aligned(DMatrixRMaj left, double[] values, DMatrixRMaj right) {
        DMatrixRMaj scaled = CommonOps_DDRM.mult(left, CommonOps_DDRM.diag(values), null);
        return CommonOps_DDRM.multTransB(scaled, right, null);
    }
}
