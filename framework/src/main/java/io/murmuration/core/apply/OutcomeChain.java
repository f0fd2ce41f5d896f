package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.EntryId;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A hash over all that was applied, each value chained to the one before (protocol, Machine 7); mutable, on the hot
 * path. Equal on all nodes at an index as long as they fold alike; once two differ they stay different. It finds
 * mistakes, not malice: 64 bits mixed fast, a CRC32C for bytes, nothing cryptographic.
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

    private final CRC32C crc = new CRC32C();
    private long value;

    /** Goes on from a value. */
    OutcomeChain(long value) {
        this.value = value;
    }

    long value() {
        return value;
    }

    /**
     * Adds an entry.
     *
     * @param id its id
     * @param time the log's time at it
     * @param kind what became of it
     * @param digest of what was said, or 0
     */
    void add(EntryId id, LogTime time, Kind kind, long digest) {
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

    /** A digest of words. */
    long digest(String words) {
        return digest(words.getBytes(StandardCharsets.UTF_8));
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
