package saddlefarm.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import saddlefarm.descent.GradientDescent;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.WarmUp;

/** Reads lines of a shape, seconds and, if not ordered, a backend; answers each with the steps a second that it took. */
final class Steps {

    private Steps() {}

    public static void main(String[] args) throws Exception {
        WarmUp.run(Kernels.ordered());
        Map<String, GradientDescent> descents = new HashMap<>();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            String backend = words.length > 2 ? words[2] : "ordered";
            var descent = descents.computeIfAbsent(
                    words[0] + " " + backend, key -> Case.of(words[0]).descent(Kernels.of(backend)));
            long nanos = (long) (Double.parseDouble(words[1]) * 1e9);
            long begin = System.nanoTime();
            long elapsed;
            int steps = 0;
            do {
                descent.evaluate();
                if (!descent.finite()) {
                    throw new IllegalStateException("diverged");
                }
                descent.advance();
                steps++;
                elapsed = System.nanoTime() - begin;
            } while (elapsed < nanos);
            System.out.printf(
                    Locale.ROOT, "%.2f %.2f%n", steps / (elapsed * 1e-9), steps * Case.operations(words[0]) / elapsed);
        }
    }
}
