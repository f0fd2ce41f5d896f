package io.murmuration.benchmarks.rules;

import io.murmuration.core.apply.Effect;
import io.murmuration.core.apply.Machine;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Payload;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The Machine folds a slice of committed commands into a counter and answers them, as on the leader; the codec is two
 * moves of a long, so that what is left is the loop itself. A step is one command, the making of its entry included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FoldBenchmark {
    private static final int SLICE = Machine.SLICE_ENTRIES;
    private static final long SESSION = 1;

    private Machine<Long> machine = machine();
    private long index;

    /** Made by JMH. */
    public FoldBenchmark() {}

    /**
     * Adds.
     *
     * @param amount how much
     */
    private record Add(long amount) implements Command<Long> {}

    /** Eight bytes, whether they stand for a command or for its reply. */
    private static final class Longs implements Codec {
        @Override
        public Encoded encode(Object value) {
            long number = value instanceof Add add ? add.amount() : (Long) value;
            return new Encoded(
                    1, "", ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        }

        @Override
        public Object decode(Encoded encoded) {
            return new Add(ByteBuffer.wrap(encoded.bytes()).getLong());
        }
    }

    /** Starts a machine with one session. */
    @Setup
    public void prepare() {
        machine = machine();
        index = 1;
        List<Effect> unused = machine.committed(
                List.of(new Entry(new EntryId(index, 1), 0, new Payload.OpenSession(new UUID(1, 1), "n1"))), true);
    }

    /** {@return what is to be done: the answers among it} */
    @Benchmark
    @OperationsPerInvocation(SLICE)
    public List<Effect> foldSlice() {
        List<Entry> entries = new ArrayList<>(SLICE);
        for (int i = 0; i < SLICE; i++) {
            index++;
            Encoded command = new Encoded(1, "", new byte[Long.BYTES]);
            entries.add(new Entry(
                    new EntryId(index, 1),
                    index,
                    new Payload.Proposed(SESSION, index - 1, Math.max(1, index - SLICE), command)));
        }
        List<Effect> effects = machine.committed(entries, true);
        if (machine.applied().index() != index) {
            throw new IllegalStateException("Only " + machine.applied() + " was applied of " + index + ".");
        }
        return effects;
    }

    private static Machine<Long> machine() {
        return new Machine<>(
                "rules",
                StateMachine.startingFrom(0L)
                        .fold(Add.class, (sum, add) -> sum + add.amount())
                        .covering(Add.class),
                new Longs());
    }
}
