package saddlefarm.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/** The secret that a client of the API shows (M. Jones, D. Hardt, RFC 6750, 2012). Nothing ever prints it. */
public final class Token {

    /** What a token may be made of: {@code b64token}, at least 16 characters of it. */
    private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9._~+/-]{16,4096}=*");

    private static final String SCHEME = "Bearer ";

    private final byte[] bytes;

    private Token(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException if this is no token; the message does not tell it */
    public static Token of(String text) {
        if (!SYNTAX.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a token must be at least 16 letters, digits or any of . _ ~ + / -, such as openssl rand -hex 32 gives");
        }
        return new Token(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The value of the header {@code Authorization} for it. */
    public String authorization() {
        return SCHEME + new String(bytes, StandardCharsets.US_ASCII);
    }

    /** To sign with. */
    byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Whether a value of the header {@code Authorization} has it; takes as long for every wrong token of its length.
     */
    boolean isIn(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        bytes, authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }
}
