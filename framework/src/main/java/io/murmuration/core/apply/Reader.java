package io.murmuration.core.apply;

/** Someone who waits to read the state. The core only holds it until its index is applied; the shell calls it. */
@FunctionalInterface
public interface Reader {
    /**
     * Reads.
     *
     * @param state the immutable state
     * @param applied the index that it is at
     */
    void read(Object state, long applied);
}
