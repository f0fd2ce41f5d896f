package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.EntryId;
import java.util.zip.CRC32C;

/**
 * A hash over what was applied, each value chained to the one before (protocol, Machine 7); mutable, on the hot path.
 * Equal at an index on all nodes of one shape as long as they fold alike. It finds mistakes, not malice: 64 bits mixed
 * fast, a CRC32C for bytes, nothing cryptographic.
 *
 * <p>It starts anew with each epoch, for everybody at the same indices. Within an epoch two that differ once stay
 * different, so that a lost report is covered by the next one; and what an upgrade did to it is over with the epoch.
 */
final class OutcomeChain {
    /** What became of an entry. The numbers are part of every chain: never change one. */
    enum Kind {
        NO_OP(1),
        MEMBERS(2),
        OPENED(3),
        REPLIED(4),
        DECLINED(5),
        UNENCODABLE(6),
        REMEMBERED(7),
        FORGOTTEN(8),
        SESSION_UNKNOWN(9);

        private final long number;

        Kind(long number) {
            this.number = number;
        }

        /** The kind of a reply to a command that was carried out just now. */
        static Kind carriedOut(Reply reply) {
            if (reply instanceof Reply.Replied) {
                return REPLIED;
            }
            return reply instanceof Reply.Declined ? DECLINED : UNENCODABLE;
        }

        /** The kind of an answer to a command that was not carried out now. */
        static Kind answered(Reply reply) {
            if (reply instanceof Reply.SessionUnknown) {
                return SESSION_UNKNOWN;
            }
            return reply instanceof Reply.Forgotten ? FORGOTTEN : REMEMBERED;
        }
    }

    /** The shape of a value that was made under none, or under several: it is compared with nothing. */
    static final long MIXED = 0;

    private static final long START = 0;

    private final CRC32C crc = new CRC32C();
    private final long own;
    private final long epochEntries;

    private long made;
    private long value = START;

    /**
     * A chain at index 0.
     *
     * @param shape how replies are encoded here
     * @param epochEntries the length of an epoch, the same on all nodes
     */
    OutcomeChain(long shape, long epochEntries) {
        this.own = shape;
        this.epochEntries = epochEntries;
        this.made = shape;
    }

    /** Goes on from a value. Under another shape it stays mixed for the rest of the epoch. */
    void restore(long shape, long chain) {
        made = shape == own ? own : MIXED;
        value = chain;
    }

    /** The shape under which all of the value was made, or {@link #MIXED}. */
    long shape() {
        return made;
    }

    long value() {
        return value;
    }

    /**
     * Adds an entry, the first of an epoch to nothing.
     *
     * @param id its id
     * @param time the log's time at it
     * @param kind what became of it
     * @param digest of a reply; 0 for all else, words above all: a mended typo is no other outcome
     */
    void add(EntryId id, LogTime time, Kind kind, long digest) {
        if ((id.index() - 1) % epochEntries == 0) {
            value = START;
            made = own;
        }
        long hash = mix(value, id.index());
        hash = mix(hash, id.term());
        hash = mix(hash, time.millis());
        hash = mix(hash, time.elapsedMillis());
        hash = mix(hash, kind.number);
        value = mix(hash, digest);
    }

    /** A digest of a reply: its type, and its bytes in canonical form. */
    long digest(String manifest, byte[] canonical) {
        return mix(digest(canonical), manifest.hashCode());
    }

    private long digest(byte[] bytes) {
        crc.reset();
        crc.update(bytes, 0, bytes.length);
        return (long) bytes.length << 32 | crc.getValue();
    }

    /** One to one in each argument, so that no two words at one place give the same; order matters. */
    private static long mix(long hash, long word) {
        long mixed = (hash ^ word) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return mixed ^ mixed >>> 32;
    }
}
