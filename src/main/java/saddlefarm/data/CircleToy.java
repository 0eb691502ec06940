package saddlefarm.data;

import org.ejml.data.DMatrixRMaj;

/** Eight points on the unit circle whose loss gradient at the origin is ±1 in turn: T = −N G. */
public final class CircleToy {

    private CircleToy() {}

    public static Task task() {
        double half = Math.sqrt(0.5);
        var inputs = new DMatrixRMaj(new double[][] {
            {1, 0}, {half, half}, {0, 1}, {-half, half}, {-1, 0}, {-half, -half}, {0, -1}, {half, -half}
        });
        var targets = new DMatrixRMaj(8, 1);
        for (int n = 0; n < 8; n++) {
            targets.set(n, 0, n % 2 == 0 ? -8 : 8);
        }
        return new Task(inputs, targets);
    }
}
