package io.murmuration.actor;

import io.murmuration.core.model.Blocks;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Objects;

/** Mutable. Reads one block after the other. */
final class BlocksInput extends InputStream {
    private final Iterator<byte[]> rest;
    private byte[] open = {};
    private int used;

    BlocksInput(Blocks blocks) {
        this.rest = blocks.arrays().iterator();
    }

    @Override
    public int read() {
        return turn() ? open[used++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!turn()) {
            return -1;
        }
        int some = Math.min(length, open.length - used);
        System.arraycopy(open, used, into, offset, some);
        used += some;
        return some;
    }

    /** No block is empty. */
    private boolean turn() {
        if (used == open.length && rest.hasNext()) {
            open = rest.next();
            used = 0;
        }
        return used < open.length;
    }
}
