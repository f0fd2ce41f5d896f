package io.murmuration.core.model;

/**
 * The position of an entry: its index in the log and the term in which its leader made it (§5.3). Two logs that hold
 * the same id hold the same entry (log matching, figure 3).
 *
 * @param index the position in the log, counted from 1; 0 is the place before the first entry
 * @param term the term of the leader that made the entry; 0 only at index 0
 */
public record EntryId(long index, long term) {
    /** The place before the first entry. */
    public static final EntryId NONE = new EntryId(0, 0);

    /** Checks that neither part is negative. */
    public EntryId {
        if (index < 0 || term < 0) {
            throw new IllegalArgumentException("An entry id has no negative part, but this is " + index + "/" + term);
        }
    }

    /**
     * Whether a log that ends here is at least as up-to-date as one that ends at {@code other} (§5.4.1): "If the logs
     * have last entries with different terms, then the log with the later term is more up-to-date. If the logs end with
     * the same term, then whichever log is longer is more up-to-date."
     *
     * @param other the end of the other log
     * @return true also when both are equal
     */
    public boolean atLeastAsUpToDateAs(EntryId other) {
        return term != other.term ? term > other.term : index >= other.index;
    }

    /**
     * Index and term as logs show them.
     *
     * @return for example {@code 17@3}: index 17 of term 3
     */
    @Override
    public String toString() {
        return index + "@" + term;
    }
}
