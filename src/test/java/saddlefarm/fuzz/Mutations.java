package saddlefarm.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Changes that a hand, a disk or an enemy makes to a text or to bytes; the same ones for a seed. */
public final class Mutations {

    /**
     * What has broken readers before: bounds of types, other spellings of numbers, syntax, and what looks like code.
     */
    private static final List<String> TOKENS = List.of(
            "0",
            "-1",
            "1e309",
            "-1e309",
            "NaN",
            "Infinity",
            "1e-400",
            "9223372036854775808",
            "2147483648",
            "00",
            "0x10",
            "1,5",
            "null",
            "true",
            "\"\"",
            "[]",
            "{}",
            "[[]]",
            "[1, \"a\"]",
            "${name}",
            "${a.b}",
            "include \"x\"",
            "range(0, 1e9)",
            "range(0, 3, 0)",
            "logspace(0, 1, 3)",
            "linspace(1, 2, -1)",
            "range(",
            "../../etc/passwd",
            "/dev/zero",
            "\u0000",
            "\uFEFF",
            "\"\"\"",
            "#",
            "//",
            "=",
            "+=",
            ":",
            ",",
            "\n",
            "a.b.c.d",
            "sweep",
            "zip",
            "😀",
            "\\u",
            "'",
            "%s%n",
            "<script>");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "1",
            "-1",
            "1.5",
            "1.0",
            "1e309",
            "2147483648",
            "9223372036854775808",
            "\"\"",
            "\"1\"",
            "\"eig:1\"",
            "[]",
            "[null]",
            "[1, \"a\"]",
            "[[]]",
            "{}",
            "{\"a\": null}");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SplittableRandom random;

    public Mutations(long seed) {
        random = new SplittableRandom(seed);
    }

    /** From one to four changes of a text: of characters, tokens and lines. */
    public String of(String text) {
        String changed = text;
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            changed = once(changed);
        }
        return changed;
    }

    /** From one to four values of a JSON document, at any depth, replaced by values of any type. */
    public JsonNode of(JsonNode document) {
        JsonNode changed = document.deepCopy();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            replace(changed);
        }
        return changed;
    }

    private void replace(JsonNode document) {
        List<Consumer<JsonNode>> places = new ArrayList<>();
        places(document, places);
        if (!places.isEmpty()) {
            places.get(random.nextInt(places.size())).accept(value());
        }
    }

    private static void places(JsonNode node, List<Consumer<JsonNode>> places) {
        node.fieldNames().forEachRemaining(name -> places.add(value -> ((ObjectNode) node).set(name, value)));
        if (node instanceof ArrayNode list) {
            IntStream.range(0, list.size()).forEach(i -> places.add(value -> list.set(i, value)));
        }
        node.forEach(child -> places(child, places));
    }

    private JsonNode value() {
        try {
            return JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From one to four changes of bytes: of bits, of whole numbers, and of length. */
    public byte[] of(byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            changed = once(changed);
        }
        return changed;
    }

    private String once(String text) {
        if (text.isEmpty()) {
            return token();
        }
        int at = random.nextInt(text.length());
        int to = Math.min(text.length(), at + random.nextInt(1, 20));
        String[] words = text.split("(?<=[\\s=,\\[\\]{}])", -1);
        int word = random.nextInt(words.length);
        return switch (random.nextInt(9)) {
            case 0 -> text.substring(0, at) + text.substring(to);
            case 1 -> text.substring(0, at) + token() + text.substring(at);
            case 2 -> text.substring(0, at) + text.substring(at, to) + text.substring(at);
            case 3 -> text.substring(0, at);
            case 4 -> text.substring(0, at) + (char) random.nextInt(0x20, 0x500) + text.substring(at + 1);
            case 5 -> joined(words, word, token() + " ");
            case 6 -> joined(words, word, words[random.nextInt(words.length)]);
            case 7 -> text + "\n" + words[word] + token();
            default -> text.substring(0, at) + token().repeat(random.nextInt(1, 300)) + text.substring(to);
        };
    }

    private byte[] once(byte[] bytes) {
        if (bytes.length == 0) {
            return token().getBytes(StandardCharsets.UTF_8);
        }
        int at = random.nextInt(bytes.length);
        byte[] changed = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) random.nextInt();
            case 2 -> changed = Arrays.copyOf(bytes, at);
            case 3 -> changed = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 64));
            case 4 -> {
                if (at + Integer.BYTES <= bytes.length) {
                    ByteBuffer.wrap(changed).putInt(at, random.nextBoolean() ? Integer.MAX_VALUE : -random.nextInt(9));
                }
            }
            default -> {
                if (at + Double.BYTES <= bytes.length) {
                    ByteBuffer.wrap(changed).putDouble(at, Double.NaN);
                }
            }
        }
        return changed;
    }

    private static String joined(String[] words, int word, String other) {
        String[] changed = words.clone();
        changed[word] = other;
        return String.join("", changed);
    }

    private String token() {
        return TOKENS.get(random.nextInt(TOKENS.size()));
    }
}
