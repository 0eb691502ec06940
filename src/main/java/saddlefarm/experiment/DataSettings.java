package saddlefarm.experiment;

import java.nio.file.Path;
import java.util.List;

/** Where a task comes from. */
public sealed interface DataSettings {

    /** The bundled digits: {@code samples} of 1,797, chosen by the seed. */
    record Digits(int samples, long seed) implements DataSettings {}

    /** A teacher drawn from a seed. */
    record Teacher(Kind kind, int dimension, int samples, List<Double> strengths, long seed) implements DataSettings {
        /** Which teacher; their definitions are in package {@code saddlefarm.data}. */
        public enum Kind {
            LINEAR,
            POSITIVE,
            ORTHOGONAL,
            RELU
        }
    }

    /** Eight points on the unit circle with alternating targets. */
    record CircleToy() implements DataSettings {}

    /** Two text matrices, samples as columns. */
    record Files(Path inputs, Path targets) implements DataSettings {}
}
