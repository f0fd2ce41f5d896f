package io.murmuration.benchmarks.rules;

import io.murmuration.core.log.Effect;
import io.murmuration.core.log.LogSettings;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import java.time.Duration;
import java.util.ArrayDeque;
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
 * A follower's Log: 64 entries of the leader are appended, durable, acknowledged, committed by the next message and
 * applied. The disk answers at once and costs nothing. A step is one entry, its making included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FollowerBenchmark {
    private static final int ENTRIES = 64;
    private static final long TERM = 1;
    /** The log in memory stays as short as snapshots keep it. */
    private static final long COMPACT_EVERY = 1 << 14;

    private static final Peer SELF = new Peer("n2", new UUID(1, 2));
    private static final Peer LEADER = new Peer("n1", new UUID(1, 1));
    private static final Encoded COMMAND = new Encoded(1, "C", new byte[64]);

    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private ReplicatedLog log = log();
    private long sequence;
    private long index;
    private long matched;
    private long applied;
    private long compacted;

    /** Made by JMH. */
    public FollowerBenchmark() {}

    /** Opens the log. */
    @Setup
    public void prepare() {
        effects.clear();
        log = log();
        sequence = 0;
        index = 0;
        matched = 0;
        applied = 0;
        compacted = 0;
        effects.addAll(log.machineReady(0));
        effects.addAll(log.fence(TERM, 1, 0));
        perform();
    }

    /** {@return how far it matches the leader's log} */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long appendEntries() {
        EntryId previous = index == 0 ? EntryId.NONE : new EntryId(index, TERM);
        long commit = index;
        List<Entry> entries = new ArrayList<>(ENTRIES);
        for (int i = 0; i < ENTRIES; i++) {
            index++;
            entries.add(new Entry(new EntryId(index, TERM), index, new Payload.Proposed(1, index, 1, COMMAND)));
        }
        sequence++;
        effects.addAll(log.receive(LEADER, new AppendEntries(TERM, sequence, previous, entries, commit), 0));
        perform();
        if (matched != index || applied != commit) {
            throw new IllegalStateException("Of " + index + " entries " + matched + " match, and of " + commit
                    + " that are committed " + applied + " were applied.");
        }
        if (applied - compacted >= COMPACT_EVERY) {
            compacted = applied;
            EntryId last = new EntryId(applied, TERM);
            effects.addAll(log.compact(new Held(new SnapshotId(SELF, applied, 1), last, 1), 0));
            perform();
        }
        return matched;
    }

    private void perform() {
        for (Effect effect = effects.poll(); effect != null; effect = effects.poll()) {
            if (effect instanceof Effect.Send send && send.message() instanceof Matched reply) {
                matched = reply.matched();
            } else if (effect instanceof Effect.Write write) {
                effects.addAll(log.written(write.sequence(), 0));
            } else if (effect instanceof Effect.Committed some) {
                applied += some.entries().size();
                effects.addAll(log.applied(applied));
            }
        }
    }

    private static ReplicatedLog log() {
        return new ReplicatedLog(
                SELF,
                new LogSettings(Duration.ofMillis(500), 64 << 20, 0),
                new Recovered(
                        SELF.incarnation(),
                        new UUID(2, 2),
                        Ballot.NONE,
                        EntryId.NONE,
                        Members.voting(List.of(LEADER, SELF, new Peer("n3", new UUID(1, 3)))),
                        List.of()));
    }
}
