package io.murmuration.actor;

import io.murmuration.core.model.Rpc;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The binary form of {@link Wire}: the version of the body's form, the envelope, the body. The manifest names the type
 * of the body. Thread-safe. Whatever it cannot read is refused with a {@link NotSerializableException}; no field has a
 * default.
 */
final class WireSerializer extends SerializerWithStringManifest implements ByteBufferSerializer {
    /** On the wire in each message: not configurable. */
    static final int IDENTIFIER = 7711;

    static final FormatTable<Rpc> FORMATS = new FormatTable<>(
            "WireSerializer",
            Stream.of(
                    ElectionFormats.election(),
                    ElectionFormats.founding(),
                    NodeFormats.node(),
                    LogFormats.log(),
                    LogFormats.snapshot(),
                    LogFormats.machine(),
                    ClientFormats.client()));

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return FORMATS.of(wire(message).body()).manifest();
    }

    @Override
    public void toBinary(Object message, ByteBuffer buffer) {
        write(wire(message), Out.into(buffer));
    }

    @Override
    public byte[] toBinary(Object message) {
        Wire wire = wire(message);
        Out size = Out.counting();
        write(wire, size);
        byte[] bytes = new byte[size.counted()];
        write(wire, Out.into(ByteBuffer.wrap(bytes)));
        return bytes;
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        return fromBinary(ByteBuffer.wrap(bytes), manifest);
    }

    @Override
    public Object fromBinary(ByteBuffer buffer, String manifest) throws NotSerializableException {
        return read(buffer, manifest);
    }

    /** What {@link #write} wrote, to the end of the buffer. */
    static Wire read(ByteBuffer buffer, String manifest) throws NotSerializableException {
        try {
            In in = new In(buffer);
            Format<? extends Rpc> format = FORMATS.read(manifest, in);
            Wire wire = new Wire(
                    in.optional(In::uuid), ModelFormat.peer(in), format.reader().read(in));
            in.end();
            return wire;
        } catch (RuntimeException e) {
            throw FORMATS.unreadable(manifest, e);
        }
    }

    /** Everything but the manifest. */
    static void write(Wire wire, Out out) {
        Format<? extends Rpc> format = FORMATS.of(wire.body());
        out.octet(format.version());
        out.optional(wire.group(), Out::uuid);
        ModelFormat.write(out, wire.from());
        format.write(out, wire.body());
    }

    private static Wire wire(Object message) {
        if (message instanceof Wire wire) {
            return wire;
        }
        throw new IllegalArgumentException("WireSerializer writes " + Wire.class.getName() + " only, not "
                + message.getClass().getName() + "; remove the binding to murmuration-wire.");
    }
}
