package io.murmuration.persistence;

import org.jspecify.annotations.Nullable;

/** What a record of a segment says. The code is stored and never changes its meaning. */
enum RecordKind {
    /** All facts that must outlive earlier segments; the first record of every segment. */
    CHECKPOINT(1),
    /** A persistence id and the small number that stands for it in later records. */
    STREAM(2),
    /** The events of one atomic write. */
    EVENTS(3),
    /** Everything of a persistence id up to a sequence number is deleted. */
    DELETED(4),
    /** The segment is complete and a later one exists; always the last record. */
    SEALED(5),
    /** An {@link #EVENTS} record repeated from an earlier segment; it lies behind newer ones of its persistence id. */
    COPIED(6);

    private static final RecordKind[] BY_CODE = {null, CHECKPOINT, STREAM, EVENTS, DELETED, SEALED, COPIED};

    private final byte code;

    RecordKind(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    boolean holdsEvents() {
        return this == EVENTS || this == COPIED;
    }

    static @Nullable RecordKind of(byte code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
