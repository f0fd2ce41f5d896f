package io.murmuration.persistence;

import java.nio.file.Path;

/**
 * Says that a file of the journal is not what this node wrote, where the damage lies, and what to do.
 *
 * <p>It is thrown instead of serving the rest: what is damaged may have been acknowledged, so nothing is cut away. Only
 * a torn tail, which nobody was told to be stored, is cut.
 *
 * @since 0.1.0
 */
public final class DamagedJournalException extends StorageException {

    private static final long serialVersionUID = 1L;

    private static final String WAY_OUT =
            " Nothing was changed. Restore the data folder from a copy, or remove this node from its groups and let it"
                    + " join again with an empty data folder; the other nodes hold what was acknowledged.";

    private final String file;
    private final long offset;

    DamagedJournalException(Path file, long offset, String finding) {
        super("The journal is damaged in " + file + " at offset " + offset + ": " + finding + WAY_OUT);
        this.file = file.toString();
        this.offset = offset;
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
