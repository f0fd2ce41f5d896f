package io.murmuration.actor;

import io.murmuration.core.model.StoreRecord;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The binary form of {@link StoreRecord}: the version of the record's form, then its fields. Thread-safe. Whatever it
 * cannot read is refused with a {@link NotSerializableException}, which ends the recovery: nothing is skipped, no field
 * has a default.
 */
final class RecordSerializer extends SerializerWithStringManifest {
    /** On disk with each record: not configurable. */
    static final int IDENTIFIER = 7712;

    static final FormatTable<StoreRecord> FORMATS =
            new FormatTable<>("RecordSerializer", Stream.of(RecordFormats.records()));

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object storeRecord) {
        return FORMATS.of(storeRecord).manifest();
    }

    @Override
    public byte[] toBinary(Object storeRecord) {
        Format<? extends StoreRecord> format = FORMATS.of(storeRecord);
        Out size = Out.counting();
        write(format, storeRecord, size);
        byte[] bytes = new byte[size.counted()];
        write(format, storeRecord, Out.into(ByteBuffer.wrap(bytes)));
        return bytes;
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        try {
            In in = new In(ByteBuffer.wrap(bytes));
            StoreRecord storeRecord = FORMATS.read(manifest, in).reader().read(in);
            in.end();
            return storeRecord;
        } catch (RuntimeException e) {
            throw FORMATS.unreadable(manifest, e);
        }
    }

    private static void write(Format<? extends StoreRecord> format, Object storeRecord, Out out) {
        out.octet(format.version());
        format.write(out, storeRecord);
    }
}
