package io.murmuration.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Any number of bytes in blocks of at most {@link #BLOCK_BYTES}: what is as large as a state. One array of that size
 * would stop all threads, heartbeats too, while it is cleared or copied, since the JVM cannot stop a thread within one
 * such step. Equal by contents, however they are cut. Immutable: nobody writes to an array once it is in here.
 */
public final class Blocks {
    /**
     * The largest block. With its header it fills a region of the garbage collector G1 where the heap has 2 to 4 GiB,
     * and two where it is smaller: then G1 never copies it, which it would do while all threads stand still.
     */
    public static final int BLOCK_BYTES = (2 << 20) - 64;

    private final List<byte[]> arrays;
    private final long[] ends;

    private Blocks(List<byte[]> arrays) {
        this.arrays = arrays;
        this.ends = new long[arrays.size()];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += arrays.get(i).length;
            ends[i] = end;
        }
    }

    /**
     * Takes arrays over.
     *
     * @param arrays in their order; not copied but where one exceeds a block
     * @return their bytes
     */
    public static Blocks of(byte[]... arrays) {
        List<byte[]> blocks = new ArrayList<>(arrays.length);
        for (byte[] array : arrays) {
            int end;
            for (int at = 0; at < array.length; at = end) {
                end = at + Math.min(BLOCK_BYTES, array.length - at);
                blocks.add(end - at == array.length ? array : Arrays.copyOfRange(array, at, end));
            }
        }
        return new Blocks(Collections.unmodifiableList(blocks));
    }

    /**
     * All bytes.
     *
     * @return how many there are
     */
    public long size() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    /**
     * The blocks.
     *
     * @return in their order, none of them empty; nobody writes to them
     */
    public List<byte[]> arrays() {
        return arrays;
    }

    /**
     * A part. Blocks that lie wholly in it are shared, not copied.
     *
     * @param from where it begins
     * @param to where it ends, exclusive
     * @return its bytes
     * @throws IndexOutOfBoundsException if there are no such bytes
     */
    public Blocks slice(long from, long to) {
        if (from < 0 || from > to || to > size()) {
            throw new IndexOutOfBoundsException(
                    "There are " + size() + " bytes, and " + from + " to " + to + " are none of them.");
        }
        List<byte[]> part = new ArrayList<>();
        long at = from;
        for (int i = indexOf(from); at < to; i++) {
            byte[] array = arrays.get(i);
            long start = ends[i] - array.length;
            int first = (int) (at - start);
            int end = (int) Math.min(array.length, to - start);
            part.add(end - first == array.length ? array : Arrays.copyOfRange(array, first, end));
            at = start + end;
        }
        return new Blocks(Collections.unmodifiableList(part));
    }

    /** The block in which a byte lies. */
    private int indexOf(long at) {
        int found = Arrays.binarySearch(ends, at);
        return found < 0 ? -found - 1 : found + 1;
    }

    /**
     * All in one array: for what takes nothing else.
     *
     * @return a copy
     * @throws IllegalStateException if an array cannot hold so many
     */
    public byte[] joined() {
        if (size() > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("One array cannot hold " + size() + " bytes; split the state into more"
                    + " groups, or encode it with murmuration-cbor, which needs no such array.");
        }
        byte[] whole = new byte[(int) size()];
        int at = 0;
        for (byte[] array : arrays) {
            System.arraycopy(array, 0, whole, at, array.length);
            at += array.length;
        }
        return whole;
    }

    /**
     * Reads all bytes; of a large snapshot that takes a while.
     *
     * @return their CRC32C
     */
    public long checksum() {
        CRC32C checksum = new CRC32C();
        arrays.forEach(checksum::update);
        return checksum.getValue();
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Blocks that) || size() != that.size()) {
            return false;
        }
        long at = 0;
        while (at < size()) {
            int here = indexOf(at);
            int there = that.indexOf(at);
            long end = Math.min(ends[here], that.ends[there]);
            byte[] mine = arrays.get(here);
            byte[] its = that.arrays.get(there);
            long startHere = ends[here] - mine.length;
            long startThere = that.ends[there] - its.length;
            if (!Arrays.equals(
                    mine, (int) (at - startHere), (int) (end - startHere), its, (int) (at - startThere), (int)
                            (end - startThere))) {
                return false;
            }
            at = end;
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(checksum());
    }

    @Override
    public String toString() {
        return "Blocks[" + size() + " bytes]";
    }

    /** Mutable. Collects blocks; whoever writes more than the bound is stopped at once, before memory is. */
    public static final class Builder {
        /** The first block: what is small takes up little. Each other is twice as large as the one before. */
        private static final int SMALLEST_BYTES = 8 << 10;

        private final long bytesMax;
        private final List<byte[]> arrays = new ArrayList<>();
        private byte[] open = {};
        private int openBytes = SMALLEST_BYTES;
        private int used;
        private long size;

        /**
         * Collects nothing yet.
         *
         * @param bytesMax the most that it takes
         */
        public Builder(long bytesMax) {
            this.bytesMax = bytesMax;
        }

        /**
         * How much there is.
         *
         * @return bytes
         */
        public long size() {
            return size;
        }

        /**
         * Copies a byte.
         *
         * @param value its lowest eight bits
         * @throws TooLargeException if that is more than the bound
         */
        public void add(int value) {
            grow(1);
            makeRoom();
            open[used++] = (byte) value;
        }

        /**
         * Copies bytes.
         *
         * @param from where they are
         * @param offset of the first
         * @param length how many
         * @throws TooLargeException if that is more than the bound
         */
        public void add(byte[] from, int offset, int length) {
            grow(length);
            int at = offset;
            int end = offset + length;
            while (at < end) {
                makeRoom();
                int some = Math.min(open.length - used, end - at);
                System.arraycopy(from, at, open, used, some);
                used += some;
                at += some;
            }
        }

        /**
         * Adds blocks, without a copy.
         *
         * @param blocks what follows
         * @throws TooLargeException if that is more than the bound
         */
        public void add(Blocks blocks) {
            grow(blocks.size());
            close();
            arrays.addAll(blocks.arrays);
        }

        /**
         * All that was added. Nothing is added later.
         *
         * @return the bytes
         */
        public Blocks build() {
            close();
            return new Blocks(Collections.unmodifiableList(arrays));
        }

        private void grow(long bytes) {
            size += bytes;
            if (size > bytesMax) {
                throw new TooLargeException(bytesMax);
            }
        }

        private void makeRoom() {
            if (used == open.length) {
                close();
                open = new byte[openBytes];
                openBytes = Math.min(2 * openBytes, BLOCK_BYTES);
            }
        }

        private void close() {
            if (used > 0) {
                arrays.add(used == open.length ? open : Arrays.copyOf(open, used));
            }
            open = new byte[0];
            used = 0;
        }
    }

    /** There are more bytes than is allowed. */
    public static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /**
         * Says which bound.
         *
         * @param bytesMax the most bytes that there may be
         */
        public TooLargeException(long bytesMax) {
            super("it exceeds murmuration.snapshot-bytes-max (" + bytesMax
                    + "); raise that on all nodes, or split the state into more groups");
        }
    }
}
