package io.murmuration.testkit.sim;

import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes a value as the number under which it is kept: as fast as nothing, and the same in every run. Whether the real
 * serializer takes a value is the business of {@link io.murmuration.testkit.StateMachineTestKit}.
 */
final class SimCodec implements Codec {
    private final List<Object> values = new ArrayList<>();

    @Override
    public Encoded encode(Object value) {
        values.add(value);
        byte[] number =
                ByteBuffer.allocate(Integer.BYTES).putInt(values.size() - 1).array();
        return new Encoded(0, value.getClass().getName(), number);
    }

    @Override
    public Object decode(Encoded encoded) {
        return values.get(ByteBuffer.wrap(encoded.bytes()).getInt());
    }
}
