package saddlefarm.report;

import java.util.List;
import saddlefarm.analysis.Snapshot;

/** The axis of a loss: logarithmic where the loss falls far. */
final class LossAxis {

    private static final double LEAST_HEIGHT = 0.05;
    private static final double FAR = 0.02;

    private LossAxis() {}

    static Axis over(List<Snapshot> rows, double bottom, double top) {
        double least = rows.stream()
                .mapToDouble(Snapshot::loss)
                .filter(loss -> loss > 0)
                .min()
                .orElse(1e-10);
        double greatest = rows.stream().mapToDouble(Snapshot::loss).max().orElse(1);
        if (least < FAR * greatest) {
            return new Axis(true, least / 1.3, greatest * 1.3, bottom, top);
        }
        // A loss that hardly moves is drawn level: its last digits are no curve.
        double height = Math.max(greatest - least, LEAST_HEIGHT * greatest);
        return new Axis(
                false, Math.max(0, greatest - 1.1 * height), greatest + 0.08 * height + Double.MIN_NORMAL, bottom, top);
    }
}
