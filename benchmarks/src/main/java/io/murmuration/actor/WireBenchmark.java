package io.murmuration.actor;

import io.murmuration.core.model.ClientRpc.Proposal;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Rpc;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Messages of 64 commands on their way between nodes, written into a direct buffer and read from it, as Artery has
 * them. A step is one whole message.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WireBenchmark {
    private static final int COMMANDS = 64;
    private static final Peer SELF = new Peer("n1", new UUID(1, 1));

    /** Bytes of a command. */
    @Param({"64", "1024"})
    public int commandBytes = 64;

    private final WireSerializer serializer = new WireSerializer();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
    private Wire appendEntries = wire(appendEntries(commandBytes));
    private Wire propose = wire(propose(commandBytes));
    private ByteBuffer appendEntriesWritten = written(appendEntries);
    private ByteBuffer proposeWritten = written(propose);

    /** Made by JMH. */
    public WireBenchmark() {}

    /** Makes the messages, now that their size is known. */
    @Setup
    public void prepare() {
        appendEntries = wire(appendEntries(commandBytes));
        propose = wire(propose(commandBytes));
        appendEntriesWritten = written(appendEntries);
        proposeWritten = written(propose);
    }

    /** {@return the buffer that holds the message} */
    @Benchmark
    public ByteBuffer writeAppendEntries() {
        serializer.toBinary(appendEntries, buffer.clear());
        return buffer;
    }

    /** {@return the message} */
    @Benchmark
    public Object readAppendEntries() throws NotSerializableException {
        return serializer.fromBinary(appendEntriesWritten.rewind(), serializer.manifest(appendEntries));
    }

    /** {@return the buffer that holds the message} */
    @Benchmark
    public ByteBuffer writePropose() {
        serializer.toBinary(propose, buffer.clear());
        return buffer;
    }

    /** {@return the message} */
    @Benchmark
    public Object readPropose() throws NotSerializableException {
        return serializer.fromBinary(proposeWritten.rewind(), serializer.manifest(propose));
    }

    private ByteBuffer written(Wire message) {
        byte[] bytes = serializer.toBinary(message);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static Wire wire(Rpc body) {
        return new Wire(new UUID(2, 2), SELF, body);
    }

    private static AppendEntries appendEntries(int bytes) {
        List<Entry> entries = IntStream.rangeClosed(1, COMMANDS)
                .mapToObj(i -> new Entry(
                        new EntryId(1_000_000 + i, 7),
                        1_795_000_000_000L,
                        new Payload.Proposed(99, i, i - 1, command(bytes))))
                .toList();
        return new AppendEntries(7, 1, new EntryId(1_000_000, 7), entries, 1_000_000);
    }

    private static Propose propose(int bytes) {
        List<Proposal> proposals = IntStream.rangeClosed(1, COMMANDS)
                .mapToObj(i -> new Proposal(i, command(bytes)))
                .toList();
        return new Propose(new UUID(3, 3), 1, 99, 1, proposals);
    }

    private static Encoded command(int bytes) {
        return new Encoded(CborSerializer.IDENTIFIER, "com.example.bank.BankCommand$Transfer", new byte[bytes]);
    }
}
