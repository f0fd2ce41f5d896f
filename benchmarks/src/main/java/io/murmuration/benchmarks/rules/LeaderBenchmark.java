package io.murmuration.benchmarks.rules;

import io.murmuration.core.log.Effect;
import io.murmuration.core.log.LogSettings;
import io.murmuration.core.log.Moment;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc.Proposal;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.Members;
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
 * The leader's Log: a Gateway proposes 64 commands, both followers have them, the disk has them, they are committed and
 * applied. Followers and disk answer at once and cost nothing. A step is one command, the making of the message
 * included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LeaderBenchmark {
    private static final int COMMANDS = 64;
    private static final long TERM = 1;
    /** The log in memory stays as short as snapshots keep it. */
    private static final long COMPACT_EVERY = 1 << 14;

    private static final Peer SELF = new Peer("n1", new UUID(1, 1));
    private static final Peer GATEWAY = new Peer("n1", new UUID(9, 9));
    private static final List<Peer> FOLLOWERS = List.of(new Peer("n2", new UUID(1, 2)), new Peer("n3", new UUID(1, 3)));
    private static final Encoded COMMAND = new Encoded(1, "C", new byte[64]);

    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private ReplicatedLog log = log();
    private long serial;
    private long committed;
    private long compacted;
    /** The clock stands still but for this: nothing is ever late. */
    private long now;

    /** Made by JMH. */
    public LeaderBenchmark() {}

    /** Elects the leader. */
    @Setup
    public void prepare() {
        effects.clear();
        log = log();
        serial = 0;
        committed = 0;
        compacted = 0;
        effects.addAll(log.machineReady(0));
        effects.addAll(log.fence(TERM, 1, now));
        effects.addAll(log.lead(TERM, new Moment(now, 0)));
        perform();
        if (committed != 1) {
            throw new IllegalStateException("The leader's first entry is not committed.");
        }
    }

    /** {@return how far the log is committed} */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public long commitProposals() {
        now++;
        List<Proposal> proposals = new ArrayList<>(COMMANDS);
        for (int i = 0; i < COMMANDS; i++) {
            proposals.add(new Proposal(serial++, COMMAND));
        }
        effects.addAll(log.propose(
                GATEWAY, new Propose(GATEWAY.incarnation(), serial, 1, 1, proposals), new Moment(now, now)));
        perform();
        if (committed != 1 + serial) {
            throw new IllegalStateException("Of " + (1 + serial) + " entries " + committed + " are committed.");
        }
        if (committed - compacted >= COMPACT_EVERY) {
            compacted = committed;
            EntryId last = new EntryId(committed, TERM);
            effects.addAll(log.compact(new Held(new SnapshotId(SELF, committed, 1), last, 1), now));
            perform();
        }
        return committed;
    }

    private void perform() {
        for (Effect effect = effects.poll(); effect != null; effect = effects.poll()) {
            if (effect instanceof Effect.Send send && send.message() instanceof AppendEntries append) {
                Peer follower = FOLLOWERS.get(send.node().equals("n2") ? 0 : 1);
                effects.addAll(log.receive(
                        follower,
                        new Matched(TERM, append.sequence(), append.verified().index()),
                        now));
            } else if (effect instanceof Effect.Write write) {
                effects.addAll(log.written(write.sequence(), now));
            } else if (effect instanceof Effect.FlushSoon) {
                effects.addAll(log.flush(now));
            } else if (effect instanceof Effect.Committed some) {
                committed += some.entries().size();
                effects.addAll(log.applied(committed));
            } else if (effect instanceof Effect.Answer answer) {
                throw new IllegalStateException("The leader refuses: " + answer.message());
            }
        }
    }

    private static ReplicatedLog log() {
        List<Peer> all = new ArrayList<>(FOLLOWERS);
        all.add(SELF);
        return new ReplicatedLog(
                SELF,
                new LogSettings(Duration.ofMillis(500), 64 << 20, 0),
                new Recovered(
                        SELF.incarnation(), new UUID(2, 2), Ballot.NONE, EntryId.NONE, Members.voting(all), List.of()));
    }
}
