package saddlefarm.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import saddlefarm.data.CircleToy;
import saddlefarm.data.Csv;
import saddlefarm.data.DataException;
import saddlefarm.data.Digits;
import saddlefarm.data.Idx;
import saddlefarm.data.Streams;
import saddlefarm.data.Targets;
import saddlefarm.data.Task;
import saddlefarm.data.Teachers;
import saddlefarm.data.TextMatrix;
import saddlefarm.experiment.DataSettings.Teacher;
import saddlefarm.linalg.RandomStream;
import saddlefarm.network.Architecture;
import saddlefarm.network.Initialization;
import saddlefarm.network.Loss;
import saddlefarm.network.Parameters;

/**
 * Tasks and initial weights from their settings. Runs on equal settings share one task, which is kept as long as memory
 * lasts. Safe for use by several threads.
 */
public final class TaskLibrary {

    private final Map<Key, Shelf> shelves = new ConcurrentHashMap<>();

    /**
     * The task of some settings. Class labels become the targets that the loss is for.
     *
     * @throws ExperimentException if a file cannot be read, is malformed or has changed since the experiment was read,
     *     or if the loss is cross-entropy and the targets are not distributions
     */
    public Task task(DataSettings data, Loss loss) {
        return shelves.computeIfAbsent(new Key(data, loss), key -> new Shelf()).get(() -> make(data, loss));
    }

    /**
     * New start weights of a run, owned by the caller.
     *
     * @throws ExperimentException if a file cannot be read, is malformed or has changed since the experiment was read
     */
    public Parameters initialParameters(RunSpec run) {
        InitializationSettings initialization = run.initialization();
        if (initialization instanceof InitializationSettings.Gaussian gaussian) {
            return Initialization.gaussian(
                    run.architecture(), gaussian.scale(), RandomStream.of(gaussian.seed(), "initialization"));
        }
        return read(run.architecture(), ((InitializationSettings.Files) initialization).weights());
    }

    /** The text matrix in a file, as it stands there. */
    static DMatrixRMaj matrix(InputFile file) {
        try (Reader text = text(file)) {
            return TextMatrix.read(text, name(file));
        } catch (DataException e) {
            throw new ExperimentException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Task make(DataSettings data, Loss loss) {
        try {
            Task task = read(data, loss == Loss.CROSS_ENTROPY ? Targets.DISTRIBUTION : Targets.CENTRED);
            if (loss == Loss.CROSS_ENTROPY) {
                task.requireDistributions();
            }
            return task;
        } catch (DataException e) {
            throw new ExperimentException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Task read(DataSettings data, Targets targets) throws IOException {
        if (data instanceof DataSettings.Digits digits) {
            return Digits.task(digits.samples(), RandomStream.of(digits.seed(), "data"), targets);
        } else if (data instanceof Teacher teacher) {
            return draw(teacher, RandomStream.of(teacher.seed(), "data"));
        } else if (data instanceof DataSettings.CircleToy) {
            return CircleToy.task();
        } else if (data instanceof DataSettings.Files files) {
            return TextMatrix.task(matrix(files.inputs()), matrix(files.targets()));
        } else if (data instanceof DataSettings.Csv csv) {
            try (Reader text = text(csv.file())) {
                return Csv.read(text, name(csv.file()), csv.targetColumns());
            }
        }
        var idx = (DataSettings.Idx) data;
        try (InputStream images = stream(idx.images());
                InputStream labels = stream(idx.labels())) {
            return Idx.read(images, name(idx.images()), labels, name(idx.labels()), targets);
        }
    }

    private static Task draw(Teacher teacher, RandomStream random) {
        int dimension = teacher.dimension();
        int samples = teacher.samples();
        List<Double> strengths = teacher.strengths();
        return switch (teacher.kind()) {
            case LINEAR -> Teachers.linear(dimension, samples, strengths, random);
            case POSITIVE -> Teachers.positive(dimension, samples, strengths, random);
            case ORTHOGONAL -> Teachers.orthogonal(dimension, strengths, random);
            case RELU -> Teachers.relu(dimension, samples, strengths, random);
        };
    }

    private static Parameters read(Architecture architecture, List<InputFile> weights) {
        var parameters = new Parameters(architecture);
        for (int layer = 1; layer <= architecture.depth(); layer++) {
            DMatrixRMaj matrix = matrix(weights.get(layer - 1));
            DMatrixRMaj target = parameters.weights(layer);
            if (matrix.numRows != target.numRows || matrix.numCols != target.numCols) {
                throw new ExperimentException("%s does not fit layer %d of widths %s"
                        .formatted(weights.get(layer - 1).path(), layer, architecture.widths()));
            }
            target.setTo(matrix);
        }
        return parameters;
    }

    private static Reader text(InputFile file) throws IOException {
        return new InputStreamReader(stream(file), StandardCharsets.UTF_8);
    }

    private static InputStream stream(InputFile file) throws IOException {
        return Streams.plain(InputFiles.open(file), name(file));
    }

    private static String name(InputFile file) {
        return String.valueOf(file.path().getFileName());
    }

    private record Key(DataSettings data, Loss loss) {}

    /** Keeps one task; makes it when it is not there. Whoever wants the same task waits, others do not. */
    private static final class Shelf {

        private @Nullable SoftReference<Task> reference;

        synchronized Task get(Supplier<Task> make) {
            Task task = reference == null ? null : reference.get();
            if (task == null) {
                task = make.get();
                reference = new SoftReference<>(task);
            }
            return task;
        }
    }
}
