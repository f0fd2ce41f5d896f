package io.murmuration.actor;

import com.typesafe.config.ConfigFactory;
import io.murmuration.Group;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A command of 64 bytes and its reply, as CBOR: what is paid once for each command, and once on each node. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private ActorSystem<Void> system;
    private Codec codec;
    private Encoded encodedCommand;
    private final Transfer command = new Transfer(new byte[48], 123_456);
    private final Long reply = 123_456L;

    /** Made by JMH. */
    @SuppressWarnings("NullAway.Init") // What it has is made by start(), which JMH calls first.
    public CodecBenchmark() {}

    /**
     * A command of a bank.
     *
     * @param accounts which
     * @param amount how much
     */
    @SuppressWarnings("ArrayRecordComponent") // Encoded, never compared.
    record Transfer(byte[] accounts, long amount) implements Command<Long> {}

    /** Starts an ActorSystem, whose serialization is used. */
    @Setup
    public void start() {
        system = ActorSystem.create(
                Behaviors.empty(), "rules", ConfigFactory.parseString("""
                                pekko.actor.provider = local
                                pekko.loglevel = WARNING
                                pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                                """).withFallback(ConfigFactory.load()));
        codec = UserCodec.forGroup(
                system,
                Group.of(
                        "rules",
                        StateMachine.startingFrom(0L)
                                .fold(Transfer.class, (sum, transfer) -> sum + transfer.amount())
                                .covering(Transfer.class)));
        encodedCommand = codec.encode(command);
    }

    /** Ends the ActorSystem. */
    @TearDown
    public void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** {@return the bytes of a command} */
    @Benchmark
    public Encoded encodeCommand() {
        return codec.encode(command);
    }

    /** {@return the command} */
    @Benchmark
    public Object decodeCommand() {
        return codec.decode(encodedCommand);
    }

    /** {@return the bytes of a reply} */
    @Benchmark
    public Encoded encodeReply() {
        return codec.encode(reply);
    }
}
