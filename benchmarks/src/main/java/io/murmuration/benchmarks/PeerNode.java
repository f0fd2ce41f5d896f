package io.murmuration.benchmarks;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.pcollections.TreePMap;

/** One node of a replicated map of counters, served over a small TCP protocol (see {@link PeerFront}). */
final class PeerNode {
    private static final int NODES = 3;
    private static final int PORTS_EACH = 20;
    private static final int FRONT = 1;
    private static final int ARTERY = 2;

    private PeerNode() {}

    /**
     * Adds to a counter.
     *
     * @param key which one
     * @param delta how much
     * @param padding makes the command as large as it is asked to be
     */
    @SuppressWarnings("ArrayRecordComponent") // Encoded, never compared.
    record Add(long key, long delta, byte[] padding) implements Command<Long> {}

    /** The counters, immutable. */
    static final class Counters {
        /** The key of the sum of all counters. */
        private static final long SUM = -1;

        private final TreePMap<Long, Long> values;
        private final long sum;

        private Counters(TreePMap<Long, Long> values, long sum) {
            this.values = values;
            this.sum = sum;
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Counters of(Map<Long, Long> values) {
            return new Counters(
                    TreePMap.from(values),
                    values.values().stream().mapToLong(Long::longValue).sum());
        }

        @JsonValue
        Map<Long, Long> values() {
            return values;
        }

        Applied<Counters, Long> add(Add add) {
            long value = values.getOrDefault(add.key(), 0L) + add.delta();
            return Applied.of(new Counters(values.plus(add.key(), value), sum + add.delta()), value);
        }

        long value(long key) {
            return key == SUM ? sum : values.getOrDefault(key, 0L);
        }
    }

    public static void main(String[] arguments) {
        if (arguments.length < 3) {
            System.err.println("Usage: node ID BASE_PORT FOLDER [-Dsetting=value ...]");
            System.exit(2);
        }
        int id = Integer.parseInt(arguments[0]);
        int base = Integer.parseInt(arguments[1]);
        List<String> members = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            members.add("n" + i);
            addresses.add("n" + i + "=127.0.0.1:" + (base + PORTS_EACH * i + ARTERY));
        }
        List<String> options = new ArrayList<>(List.of(
                "--node",
                "n" + id,
                "--members",
                String.join(",", members),
                "--addresses",
                String.join(",", addresses),
                "--data-dir",
                arguments[2] + "/data",
                "-Dmurmuration.bootstrap.management=off"));
        options.addAll(Arrays.asList(arguments).subList(3, arguments.length));
        MurmurationNode.run(options.toArray(String[]::new), node -> {
            Replica<Counters> counters = node.start(Group.of(
                    "counters",
                    StateMachine.startingFrom(Counters.of(new LinkedHashMap<>()))
                            .on(Add.class, (state, add, meta) -> state.add(add))
                            .covering(Add.class)));
            try {
                PeerFront.serve(base + PORTS_EACH * id + FRONT, data -> handle(counters, data));
            } catch (IOException e) {
                throw new IllegalStateException("The front of node " + id + " cannot listen.", e);
            }
        });
    }

    private static CompletionStage<Long> handle(Replica<Counters> counters, byte[] data) {
        ByteBuffer bytes = ByteBuffer.wrap(data);
        if (data.length == 1) {
            return counters.status()
                    .thenApply(status -> status.leader() == null ? -1L : Long.parseLong(status.leader(), 1, 2, 10));
        }
        if (data.length == Long.BYTES) {
            long key = bytes.getLong();
            return counters.read(state -> state.value(key));
        }
        if (data.length < 2 * Long.BYTES) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("What is asked is too short."));
        }
        return counters.ask(
                new Add(bytes.getLong(), bytes.getLong(), Arrays.copyOfRange(data, 2 * Long.BYTES, data.length)));
    }
}
