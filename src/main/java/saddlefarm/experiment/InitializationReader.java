package saddlefarm.experiment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import saddlefarm.network.Architecture;
import saddlefarm.network.Initialization;

/** Reads the section {@code initialization}. */
final class InitializationReader {

    private static final String SCALE = "initialization.scale";
    private static final String WEIGHTS = "initialization.weights";

    private record Shape(int rows, int columns) {}

    private final FileKeys files;
    private final Map<InputFile, Shape> shapes = new HashMap<>();

    InitializationReader(FileKeys files) {
        this.files = files;
    }

    InitializationSettings read(Values values) {
        return switch (values.one("initialization.source", Scalar.oneOf(List.of("gaussian", "files")))) {
            case "gaussian" ->
                new InitializationSettings.Gaussian(
                        values.one(SCALE, Scalar.positive()),
                        values.one("initialization.seed", Scalar.whole(Long.MIN_VALUE, Long.MAX_VALUE)));
            default -> new InitializationSettings.Files(files.list(values, WEIGHTS));
        };
    }

    /** Notes weights that the network cannot start with. */
    void check(InitializationSettings initialization, Architecture architecture, Values values) {
        if (initialization instanceof InitializationSettings.Gaussian gaussian) {
            checkScale(gaussian.scale(), architecture.depth(), values);
        } else if (initialization instanceof InitializationSettings.Files weights && !values.stored()) {
            checkShapes(weights.weights(), architecture, values);
        }
    }

    private static void checkScale(double scale, int depth, Values values) {
        double least = Initialization.leastScale(depth);
        if (scale < least) {
            values.broken(
                    SCALE,
                    ("must be at least %s at depth %d (below it the square of the gradient, of the order scale^%d,"
                                    + " is less than the smallest double)")
                            .formatted(Decimals.text(least), depth, 2 * (depth - 1)));
        }
    }

    private void checkShapes(List<InputFile> weights, Architecture architecture, Values values) {
        if (weights.size() != architecture.depth()) {
            values.broken(WEIGHTS, "must have a file for each of %d layers".formatted(architecture.depth()));
            return;
        }
        for (int layer = 1; layer <= weights.size(); layer++) {
            InputFile file = weights.get(layer - 1);
            var needed = new Shape(architecture.outputs(layer), architecture.inputs(layer));
            try {
                Shape shape = shapes.computeIfAbsent(file, InitializationReader::shape);
                if (!shape.equals(needed)) {
                    values.error(
                            WEIGHTS,
                            "%s: layer %d needs a matrix %d × %d but %s is %d × %d"
                                    .formatted(
                                            WEIGHTS,
                                            layer,
                                            needed.rows,
                                            needed.columns,
                                            file.path().getFileName(),
                                            shape.rows,
                                            shape.columns));
                }
            } catch (ExperimentException e) {
                values.error(WEIGHTS, "%s: %s".formatted(WEIGHTS, e.getMessage()));
            }
        }
    }

    private static Shape shape(InputFile file) {
        DMatrixRMaj matrix = TaskLibrary.matrix(file);
        return new Shape(matrix.numRows, matrix.numCols);
    }
}
