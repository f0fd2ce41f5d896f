package io.murmuration.persistence;

import java.io.StreamCorruptedException;
import java.nio.file.Path;

/**
 * Says that a file of the journal is not what this node wrote, where the damage lies, and what to do.
 *
 * <p>It is thrown instead of serving the rest: what is damaged may have been acknowledged, so nothing is cut away. Only
 * a torn tail, which nobody was told to be stored, is cut. Its cause is a {@link StreamCorruptedException}, by which
 * also who does not know this class sees that trying again does not help.
 *
 * @since 0.1.0
 */
public final class DamagedJournalException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** What to do, and what not. */
    static final String WAY_OUT =
            "What is there may have been acknowledged, so nothing is cut away and nothing was changed. Leave this node"
                    + " stopped: its groups go on with the others, which hold what was acknowledged, while a majority"
                    + " runs. Never put an older copy of the data folder in its place: this node would have forgotten"
                    + " votes that it gave and entries that it acknowledged, and others count on them.";

    private final String file;
    private final long offset;
    private final String finding;

    DamagedJournalException(Path file, long offset, String finding) {
        this(file, offset, finding, "");
    }

    private DamagedJournalException(Path file, long offset, String finding, String extent) {
        super(
                "The journal is damaged in " + file + " at offset " + offset + ": " + finding + extent + " " + WAY_OUT,
                new StreamCorruptedException(finding));
        this.file = file.toString();
        this.offset = offset;
        this.finding = finding;
    }

    /** What is wrong there. */
    String finding() {
        return finding;
    }

    /** The same damage, with a sentence on what is lost by it. */
    DamagedJournalException withExtent(String sentence) {
        DamagedJournalException told = new DamagedJournalException(Path.of(file), offset, finding, " " + sentence);
        told.setStackTrace(getStackTrace());
        return told;
    }

    /**
     * The damaged file.
     *
     * @return its path
     */
    public String file() {
        return file;
    }

    /**
     * Where the damage begins.
     *
     * @return the offset in bytes from the beginning of the file
     */
    public long offset() {
        return offset;
    }
}
