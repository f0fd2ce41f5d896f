package io.murmuration.actor;

import io.murmuration.Group;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.Payload;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;

/** Measures roughly what the serializers cost; run by hand. Prints the best and the middle of some windows. */
public final class CodecFigures {
    private static final int ENTRIES = 64;
    private static final int WINDOWS = 15;
    private static final long WINDOW_NANOS = 200_000_000;

    private static long sink;

    private CodecFigures() {}

    /**
     * Measures and prints.
     *
     * @param args none
     * @throws Exception if something cannot be encoded
     */
    public static void main(String[] args) throws Exception {
        WireSerializer wire = new WireSerializer();
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i <= ENTRIES; i++) {
            Encoded command = new Encoded(7713, "io.murmuration.examples.bank.BankCommand$Transfer", new byte[64]);
            entries.add(new Entry(
                    new EntryId(1_000_000 + i, 7), 1_795_000_000_000L, new Payload.Proposed(99, i, i - 1, command)));
        }
        Wire append = new Wire(
                WireSamples.GROUP,
                WireSamples.N1,
                new AppendEntries(7, 1, new EntryId(1_000_000, 7), entries, 1_000_000));
        ByteBuffer direct = ByteBuffer.allocateDirect(1 << 18);
        byte[] bytes = wire.toBinary(append);
        System.out.println("AppendEntries of 64 entries: " + bytes.length + " bytes");
        print("write to a direct buffer, ns an entry", ENTRIES, () -> {
            wire.toBinary(append, direct.clear());
            return direct.position();
        });
        print("write to the heap, ns an entry", ENTRIES, () -> wire.toBinary(append).length);
        direct.clear();
        wire.toBinary(append, direct);
        direct.flip();
        print("read from a direct buffer, ns an entry", ENTRIES, () -> {
            direct.rewind();
            return wire.fromBinary(direct, "ae") == append ? 1 : 0;
        });
        ActorSystem<Void> system = CodecUserTest.system("");
        try {
            Codec codec =
                    UserCodec.forGroup(system, Group.of("figures", CodecTypes.machine(0L, CodecTypes.Change.class)));
            CodecTypes.Add add = new CodecTypes.Add(123_456);
            Encoded encoded = codec.encode(add);
            print("encode Add(long), ns", 1, () -> codec.encode(add).size());
            print("decode Add(long), ns", 1, () -> codec.decode(encoded).hashCode());
        } finally {
            ActorTestKit.shutdown(system);
        }
        System.out.println(sink);
    }

    /** The processor time of this thread: other processes do not count. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void print(String what, int units, Callable<Integer> act) throws Exception {
        double[] nanos = new double[WINDOWS];
        for (int window = 0; window < WINDOWS; window++) {
            long start = cpu();
            long count = 0;
            while (cpu() - start < WINDOW_NANOS) {
                for (int i = 0; i < 50; i++) {
                    sink += act.call();
                }
                count += 50;
            }
            nanos[window] = (double) (cpu() - start) / count / units;
        }
        Arrays.sort(nanos);
        System.out.printf(Locale.ROOT, "%s: best %.0f, median %.0f%n", what, nanos[0], nanos[WINDOWS / 2]);
    }
}
