package io.murmuration.examples.bank.payments;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A file of payments. It is read as a stream, so its size does not matter; only the accounts that it names are held.
 *
 * @param path where it is
 * @param sha256 the hash of its contents
 * @param rows how many payments are in it
 * @param bad how many lines are none
 * @param accounts the accounts that its payments name
 */
public record PaymentFile(Path path, String sha256, long rows, long bad, SortedSet<String> accounts) {
    private static final int LINE_MAX = 4096;

    /**
     * Looks through a file.
     *
     * @param path where it is
     * @return what is in it
     * @throws IOException if it cannot be read
     */
    public static PaymentFile scan(Path path) throws IOException {
        SortedSet<String> accounts = new TreeSet<>();
        long rows = 0;
        long bad = 0;
        try (Reader reader = new Reader(path)) {
            for (Row.Parsed parsed = reader.next(); parsed != null; parsed = reader.next()) {
                if (parsed instanceof Row.Good good) {
                    rows++;
                    add(accounts, good.row().from());
                    add(accounts, good.row().to());
                } else {
                    bad++;
                }
            }
        }
        return new PaymentFile(path, hash(path), rows, bad, accounts);
    }

    private static void add(SortedSet<String> accounts, @Nullable String account) {
        if (account != null) {
            accounts.add(account);
        }
    }

    private static String hash(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    /**
     * Begins to read the payments.
     *
     * @return a reader, to be closed
     * @throws IOException if the file cannot be read
     */
    public Reader read() throws IOException {
        return new Reader(path);
    }

    /** Reads a file line by line. */
    public static final class Reader implements AutoCloseable {
        private final BufferedReader in;
        private long line;

        private Reader(Path path) throws IOException {
            in = new BufferedReader(new InputStreamReader(
                    Files.newInputStream(path),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPLACE)
                            .onUnmappableCharacter(CodingErrorAction.REPLACE)));
        }

        /**
         * The next line that is not empty and not the header.
         *
         * @return the payment, or what is wrong with the line, or null at the end
         * @throws IOException if the file cannot be read
         */
        public Row.@Nullable Parsed next() throws IOException {
            while (true) {
                String text = nextLine();
                if (text == null) {
                    return null;
                }
                line++;
                boolean header = line == 1 && text.equals(Row.HEADER);
                if (text.length() > LINE_MAX) {
                    return new Row.Bad(line, "the line is longer than " + LINE_MAX + " characters");
                }
                if (!header && !text.isBlank()) {
                    return Row.parse(line, text);
                }
            }
        }

        /** A line without its end, cut right behind the longest that is taken, so that no line fills the memory. */
        private @Nullable String nextLine() throws IOException {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            StringBuilder text = new StringBuilder();
            while (c >= 0 && c != '\n') {
                if (text.length() <= LINE_MAX) {
                    text.append((char) c);
                }
                c = in.read();
            }
            int length = text.length();
            return length > 0 && text.charAt(length - 1) == '\r' ? text.substring(0, length - 1) : text.toString();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
