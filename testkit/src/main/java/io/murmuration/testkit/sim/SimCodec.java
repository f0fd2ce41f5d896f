package io.murmuration.testkit.sim;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Snapshot;
import io.murmuration.machine.Command;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Encodes a value as the number under which it is kept: as fast as nothing, and the same in every run. Equal replies
 * have one number, so that what nodes remember of them can be compared; each command has one of its own. Whether the
 * real serializer takes a value is the business of {@link io.murmuration.testkit.StateMachineTestKit}.
 */
final class SimCodec implements Codec {
    private static final int SNAPSHOT_BYTES_MAX = 5_000;
    /** So that pieces and blocks do not end in the same places. */
    private static final int BLOCK_BYTES = 700;

    private final List<Object> values = new ArrayList<>();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final Map<Object, Encoded> replies = new HashMap<>();
    private final Map<String, String> manifests = new HashMap<>();
    private int weight;

    /** From now on each command weighs so many bytes more, for whoever counts them. */
    void weigh(int bytes) {
        weight = bytes;
    }

    @Override
    public Encoded encode(Object value) {
        return value instanceof Command<?>
                ? numbered(value, manifests.computeIfAbsent(value.getClass().getName(), this::weighed))
                : replies.computeIfAbsent(
                        value, reply -> numbered(reply, reply.getClass().getName()));
    }

    /** One text for all commands of a class: what weighs in the bounds weighs nothing in memory. */
    private String weighed(String name) {
        return name + " ".repeat(weight);
    }

    private Encoded numbered(Object value, String manifest) {
        values.add(value);
        byte[] number =
                ByteBuffer.allocate(Integer.BYTES).putInt(values.size() - 1).array();
        return new Encoded(0, manifest, number);
    }

    /** A snapshot as bytes: the number under which it is kept, and as many more as make it travel in pieces. */
    Blocks encode(Snapshot snapshot) {
        int number = snapshots.size();
        snapshots.add(snapshot);
        byte[] bytes = new byte[Integer.BYTES + number * 131 % SNAPSHOT_BYTES_MAX];
        Arrays.fill(bytes, (byte) number);
        ByteBuffer.wrap(bytes).putInt(number);
        Blocks whole = Blocks.of(bytes);
        Blocks.Builder blocks = new Blocks.Builder(bytes.length);
        for (long at = 0; at < whole.size(); at += BLOCK_BYTES) {
            blocks.add(whole.slice(at, Math.min(at + BLOCK_BYTES, whole.size())));
        }
        return blocks.build();
    }

    Snapshot snapshot(Blocks blocks) {
        return snapshots.get(ByteBuffer.wrap(blocks.joined()).getInt());
    }

    @Override
    public Object decode(Encoded encoded) {
        return values.get(ByteBuffer.wrap(encoded.bytes()).getInt());
    }
}
