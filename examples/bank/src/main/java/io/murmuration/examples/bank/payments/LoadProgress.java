package io.murmuration.examples.bank.payments;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/**
 * Which rows of a file were decided, kept next to the bank's state, so that a load that was broken off goes on where it
 * was. Bound to the contents of the file and to the group: another file, or another bank, begins anew. Losing its last
 * lines does no harm, since the bank knows each row by its id.
 */
public final class LoadProgress implements AutoCloseable {
    private static final String VERSION = "bank-load 1";

    private final BitSet decided;
    private final BufferedWriter out;

    private LoadProgress(BitSet decided, BufferedWriter out) {
        this.decided = decided;
        this.out = out;
    }

    /**
     * Opens the progress of a file in a group.
     *
     * @param dir the state folder
     * @param file the file
     * @param groupId the group's id
     * @return the progress, with what was decided before
     * @throws IOException if it cannot be read or written
     */
    public static LoadProgress open(Path dir, PaymentFile file, String groupId) throws IOException {
        String header = VERSION + " " + file.sha256() + " " + groupId;
        Path path = dir.resolve("load-" + Integer.toHexString(header.hashCode()) + "-"
                + file.sha256().substring(0, 16) + ".progress");
        Files.createDirectories(dir);
        BitSet decided = new BitSet();
        boolean known = Files.exists(path) && read(path, header, decided);
        BufferedWriter out = known
                ? Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.APPEND)
                : Files.newBufferedWriter(path, StandardCharsets.UTF_8);
        if (!known) {
            out.write(header + "\n");
            out.flush();
        }
        return new LoadProgress(decided, out);
    }

    private static boolean read(Path path, String header, BitSet decided) throws IOException {
        String text = Files.readString(path, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        if (end < 0 || !text.substring(0, end).equals(header)) {
            return false;
        }
        // After a crash, what lies behind the last line end may be half a number.
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        if (whole.length() < text.length()) {
            Files.writeString(path, whole, StandardCharsets.UTF_8);
        }
        whole.substring(end)
                .lines()
                .filter(line -> line.matches("[0-9]{1,9}"))
                .forEach(line -> decided.set(Integer.parseInt(line)));
        return true;
    }

    /**
     * Whether a line was decided before this load began.
     *
     * @param line its number
     * @return true if it can be left out
     */
    public boolean isDecided(long line) {
        return line <= Integer.MAX_VALUE && decided.get((int) line);
    }

    /**
     * How many rows were decided before this load began.
     *
     * @return their number
     */
    public int decidedBefore() {
        return decided.cardinality();
    }

    /**
     * Keeps that a row was decided.
     *
     * @param line its number
     */
    public void decided(long line) {
        try {
            out.write(line + "\n");
            // Seldom enough to cost nothing; what is lost is asked for again.
            if (line % 64 == 0) {
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
