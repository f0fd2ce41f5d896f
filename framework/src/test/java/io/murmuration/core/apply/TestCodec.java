package io.murmuration.core.apply;

import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;

/** A real codec for tests: Java serialization. It refuses what is not serializable, as a real one does. */
public final class TestCodec implements Codec {
    @Override
    public Encoded encode(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new CodecException("Cannot encode " + value + ".", e);
        }
        return new Encoded(1, value.getClass().getName(), bytes.toByteArray());
    }

    @Override
    public Object decode(Encoded encoded) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(encoded.bytes()))) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new CodecException("Cannot decode " + encoded + ".", e);
        }
    }
}
