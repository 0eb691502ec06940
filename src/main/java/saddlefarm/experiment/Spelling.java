package saddlefarm.experiment;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what a mistyped word was meant to be. */
public final class Spelling {

    private Spelling() {}

    /**
     * The candidate nearest to a word, if one is near enough to be meant: at most a third of its letters differ. A
     * dotted word also finds the candidate that ends like it, so {@code learning-rate} finds
     * {@code descent.learning-rate}.
     */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> distance(word, candidate) <= allowance(word)
                        || distance(last(word), last(candidate)) <= allowance(last(word)))
                .min(Comparator.<String>comparingInt(candidate -> distance(last(word), last(candidate)))
                        .thenComparingInt(candidate -> distance(word, candidate)));
    }

    private static int allowance(String word) {
        return Math.max(1, word.length() / 3);
    }

    private static String last(String word) {
        return word.substring(word.lastIndexOf('.') + 1);
    }

    /** The least number of letters to insert, delete or replace (V. Levenshtein, 1966). */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
