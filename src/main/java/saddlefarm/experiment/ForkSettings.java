package saddlefarm.experiment;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a run branches off from another one: at the deepest snapshot of one of its plateaus, from weights that are
 * perturbed.
 *
 * @param parent id of the other run
 * @param plateau of the other run, from 0
 * @param perturb along what
 * @param size length of the perturbation, > 0
 * @param index of this fork among those that are alike but for the perturbation's sign or chance, from 0
 */
public record ForkSettings(String parent, int plateau, Perturb perturb, double size, int index) {

    /** Most eigenvectors that may be asked for; more are not searched for. */
    static final int MOST_EIGENVECTORS = 400;

    private static final Pattern EIGENVECTOR = Pattern.compile("eig:([1-9][0-9]{0,2})");

    /**
     * Along what weights are perturbed.
     *
     * @param eigenvector J of the Hessian, from 1 for the one of the least eigenvalue; 0 for a random direction
     */
    public record Perturb(int eigenvector) {

        /**
         * From a text such as {@code eig:1} or {@code random}.
         *
         * @throws ExperimentException if it is neither
         */
        public static Perturb of(String text) {
            Matcher matcher = EIGENVECTOR.matcher(text);
            if (text.equals("random")) {
                return new Perturb(0);
            }
            if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > MOST_EIGENVECTORS) {
                throw new ExperimentException("perturb must be eig:J, with J from 1 to %d, or random, but was %s"
                        .formatted(MOST_EIGENVECTORS, text));
            }
            return new Perturb(Integer.parseInt(matcher.group(1)));
        }

        public boolean random() {
            return eigenvector == 0;
        }

        /** As {@link #of} reads it. */
        @Override
        public String toString() {
            return random() ? "random" : "eig:" + eigenvector;
        }
    }

    /** Of the forks along an eigenvector, which has two sides: whether this is the one along and not against it. */
    public boolean positive() {
        return index % 2 == 0;
    }
}
