package io.murmuration.persistence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The facts that every segment begins with, so that any earlier segment may go once its events are deleted.
 *
 * @param replaced the number of the segment whose content this segment repeats, 0 if none
 * @param earlier the segments that existed when this one was made
 * @param streams every persistence id that the journal ever saw
 */
record Checkpoint(long replaced, List<Earlier> earlier, List<Stream> streams) {

    /**
     * An earlier segment.
     *
     * @param id its identity
     * @param end where its last record ends
     */
    record Earlier(SegmentId id, long end) {}

    /**
     * A persistence id.
     *
     * @param id the number that stands for it
     * @param highest its highest sequence number, which never falls
     * @param deletedTo everything up to here is deleted
     * @param persistenceId the persistence id
     */
    record Stream(int id, long highest, long deletedTo, String persistenceId) {}

    ByteBuffer encode() {
        List<byte[]> names = new ArrayList<>(streams.size());
        int bytes = Long.BYTES + Integer.BYTES + earlier.size() * 3 * Long.BYTES + Integer.BYTES;
        for (Stream stream : streams) {
            byte[] name = stream.persistenceId().getBytes(StandardCharsets.UTF_8);
            names.add(name);
            bytes += 2 * Integer.BYTES + 2 * Long.BYTES + name.length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        buffer.putLong(replaced).putInt(earlier.size());
        for (Earlier segment : earlier) {
            buffer.putLong(segment.id().number()).putLong(segment.id().salt()).putLong(segment.end());
        }
        buffer.putInt(streams.size());
        for (int i = 0; i < streams.size(); i++) {
            Stream stream = streams.get(i);
            buffer.putInt(stream.id()).putLong(stream.highest()).putLong(stream.deletedTo());
            putName(buffer, names.get(i));
        }
        return buffer.flip();
    }

    static Checkpoint decode(ByteBuffer body) {
        long replaced = body.getLong();
        int segmentCount = body.getInt();
        List<Earlier> earlier = new ArrayList<>();
        for (int i = 0; i < segmentCount; i++) {
            earlier.add(new Earlier(new SegmentId(body.getLong(), body.getLong()), body.getLong()));
        }
        int streamCount = body.getInt();
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < streamCount; i++) {
            streams.add(new Stream(body.getInt(), body.getLong(), body.getLong(), readName(body)));
        }
        return new Checkpoint(replaced, List.copyOf(earlier), List.copyOf(streams));
    }

    static void putName(ByteBuffer target, byte[] utf8) {
        target.putInt(utf8.length).put(utf8);
    }

    static String readName(ByteBuffer body) {
        byte[] utf8 = new byte[body.getInt()];
        body.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
