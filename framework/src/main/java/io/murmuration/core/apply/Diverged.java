package io.murmuration.core.apply;

/**
 * This replica has folded otherwise than a majority of the voters: what it holds is not what the group holds. It stops;
 * an answer from such a state would be wrong, and a leader's would be believed. A fold is not deterministic, or memory
 * or disk of this node is damaged.
 */
public final class Diverged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String group;
    private final long index;

    /**
     * Says where and what.
     *
     * @param group the group's name
     * @param index the index at which it was seen
     * @param message a full sentence with the evidence and the way out
     */
    Diverged(String group, long index, String message) {
        super(message);
        this.group = group;
        this.index = index;
    }

    /**
     * Whose state.
     *
     * @return the group's name
     */
    public String group() {
        return group;
    }

    /**
     * Where it was seen; it came about at this index or before.
     *
     * @return an index
     */
    public long index() {
        return index;
    }
}
