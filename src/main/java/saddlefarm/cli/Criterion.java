package saddlefarm.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/**
 * What is asked of a completed run, yes or no.
 *
 * @param least of the quantity that answers yes
 */
record Criterion(Quantity quantity, int least) {

    /** A number that a run ends with. */
    enum Quantity {
        /** The final rank. */
        RANK,
        /** Confirmed escapes from plateaus, the origin among them. */
        ESCAPES
    }

    private static final Pattern FORM = Pattern.compile("\\s*(rank|escapes)\\s*>=\\s*(\\d{1,6})\\s*");

    /** @throws Misuse if the text is none */
    static Criterion of(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) < 1) {
            throw new Misuse("--until must be 'rank>=R' or 'escapes>=K' with a whole number from 1 but was " + text);
        }
        return new Criterion(
                Quantity.valueOf(parts.group(1).toUpperCase(Locale.ROOT)), Integer.parseInt(parts.group(2)));
    }

    boolean holds(RunStore store, RunSummary run) {
        return switch (quantity) {
            case RANK -> run.progress() != null && run.progress().rank() >= least;
            case ESCAPES -> store.transitions(run.id()).size() >= least;
        };
    }

    @Override
    public String toString() {
        return quantity.name().toLowerCase(Locale.ROOT) + ">=" + least;
    }
}
