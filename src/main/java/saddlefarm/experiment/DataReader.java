package saddlefarm.experiment;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import saddlefarm.data.Digits;
import saddlefarm.data.TargetColumns;
import saddlefarm.experiment.DataSettings.Teacher;

/** Reads the section {@code data}. */
final class DataReader {

    /** The names of the sources. */
    static final List<String> SOURCES = List.of(
            "digits",
            "linear-teacher",
            "positive-teacher",
            "orthogonal-teacher",
            "relu-teacher",
            "circle-toy",
            "files",
            "csv",
            "idx");

    private static final int MOST_SAMPLES = 10_000_000;
    private static final int LARGEST_DIMENSION = 10_000;
    private static final long MOST_NUMBERS = 100_000_000;
    private static final int MOST_COLUMNS = 1_000_000;

    private final FileKeys files;

    DataReader(FileKeys files) {
        this.files = files;
    }

    DataSettings read(Values values) {
        return switch (values.one("data.source", Scalar.oneOf(SOURCES))) {
            case "digits" -> new DataSettings.Digits(values.integer("data.samples", 1, Digits.SIZE), seed(values));
            case "linear-teacher" -> teacher(values, Teacher.Kind.LINEAR);
            case "positive-teacher" -> teacher(values, Teacher.Kind.POSITIVE);
            case "orthogonal-teacher" -> teacher(values, Teacher.Kind.ORTHOGONAL);
            case "relu-teacher" -> teacher(values, Teacher.Kind.RELU);
            case "circle-toy" -> new DataSettings.CircleToy();
            case "files" -> new DataSettings.Files(files.one(values, "data.inputs"), files.one(values, "data.targets"));
            case "csv" -> new DataSettings.Csv(files.one(values, "data.file"), targetColumns(values));
            case "idx" -> new DataSettings.Idx(files.one(values, "data.images"), files.one(values, "data.labels"));
            default -> throw new AssertionError("a source that is not among SOURCES");
        };
    }

    private static long seed(Values values) {
        return values.one("data.seed", Scalar.whole(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static Teacher teacher(Values values, Teacher.Kind kind) {
        int dimension = values.integer("data.dimension", 1, LARGEST_DIMENSION);
        int samples = kind == Teacher.Kind.ORTHOGONAL ? dimension : values.integer("data.samples", 1, MOST_SAMPLES);
        List<Double> strengths = values.list("data.strengths", Scalar.positive());
        var teacher = new Teacher(kind, dimension, samples, strengths, seed(values));
        if (values.sound()) {
            check(teacher, values);
        }
        return teacher;
    }

    private static void check(Teacher teacher, Values values) {
        int dimension = teacher.dimension();
        if (teacher.kind() == Teacher.Kind.LINEAR && teacher.samples() < dimension) {
            values.broken("data.samples", "must be at least data.dimension, %d,".formatted(dimension));
        }
        if ((long) teacher.samples() * dimension > MOST_NUMBERS) {
            values.broken("data.samples", "must be at most %d / data.dimension".formatted(MOST_NUMBERS));
        }
        if (teacher.strengths().size() > dimension) {
            values.broken("data.strengths", "must have at most data.dimension, %d, values".formatted(dimension));
        }
    }

    private static TargetColumns targetColumns(Values values) {
        String key = "data.target-columns";
        if (values.peek(key).orElse(null) instanceof ConfigList list) {
            if (!list.isEmpty() && list.stream().allMatch(item -> item.valueType() == ConfigValueType.STRING)) {
                return new TargetColumns.Names(values.list(key, Scalar.text(1000)));
            }
            return new TargetColumns.Numbers(values.list(key, Scalar.whole(1, MOST_COLUMNS)).stream()
                    .map(Math::toIntExact)
                    .toList());
        }
        return new TargetColumns.Last(values.integer(key, 1, MOST_COLUMNS));
    }
}
