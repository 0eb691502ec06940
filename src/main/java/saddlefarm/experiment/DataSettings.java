package saddlefarm.experiment;

import java.util.List;
import saddlefarm.data.TargetColumns;

/** Where a task comes from. */
public sealed interface DataSettings {

    /** Whether the task is read from files, and not part of the product or drawn from a seed. */
    default boolean fromFiles() {
        return this instanceof Files || this instanceof Csv || this instanceof Idx;
    }

    /** The bundled digits: {@code samples} of 1,797, chosen by the seed. */
    record Digits(int samples, long seed) implements DataSettings {}

    /** A teacher drawn from a seed. An orthogonal teacher has as many samples as dimensions. */
    record Teacher(Kind kind, int dimension, int samples, List<Double> strengths, long seed) implements DataSettings {
        /** Which teacher; their definitions are in package {@code saddlefarm.data}. */
        public enum Kind {
            LINEAR,
            POSITIVE,
            ORTHOGONAL,
            RELU
        }

        public Teacher {
            strengths = List.copyOf(strengths);
        }
    }

    /** Eight points on the unit circle with alternating targets. */
    record CircleToy() implements DataSettings {}

    /** Two text matrices, samples as columns. */
    record Files(InputFile inputs, InputFile targets) implements DataSettings {}

    /** A table of comma-separated values, samples as rows. */
    record Csv(InputFile file, TargetColumns targetColumns) implements DataSettings {}

    /** Images and their labels in the format of MNIST. */
    record Idx(InputFile images, InputFile labels) implements DataSettings {}
}
