package saddlefarm.experiment;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what a mistyped word was meant to be. */
public final class Spelling {

    /** No key is as long, and distances take time and memory with the square of it. */
    private static final int LONGEST = 100;

    private Spelling() {}

    /**
     * The candidate nearest to a word, if one is near enough to be meant: at most a third of its letters differ. A
     * dotted word also finds the candidate that ends like it, so {@code learning-rate} finds
     * {@code descent.learning-rate}.
     */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        return candidates.stream()
                .filter(candidate -> distance(word, candidate) <= allowance(word)
                        || distance(last(word), last(candidate)) <= allowance(last(word)))
                .min(Comparator.<String>comparingInt(candidate -> distance(last(word), last(candidate)))
                        .thenComparingInt(candidate -> distance(word, candidate)));
    }

    /** What to add to a message about a word that is none of the candidates; empty where none is near. */
    public static String suggestion(String word, Collection<String> candidates) {
        return nearest(word, candidates).map("; did you mean %s?"::formatted).orElse("");
    }

    private static int allowance(String word) {
        return Math.max(1, word.length() / 3);
    }

    private static String last(String word) {
        return word.substring(word.lastIndexOf('.') + 1);
    }

    /**
     * The least number of letters to insert, delete or replace, or of neighbours to swap, none of them touched twice
     * (F. Damerau, 1964; V. Levenshtein, 1966).
     */
    static int distance(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                distance[i][j] = Math.min(replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
                }
            }
        }
        return distance[a.length()][b.length()];
    }
}
