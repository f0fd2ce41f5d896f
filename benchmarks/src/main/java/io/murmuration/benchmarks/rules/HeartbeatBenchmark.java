package io.murmuration.benchmarks.rules;

import io.murmuration.core.election.Effect;
import io.murmuration.core.election.Election;
import io.murmuration.core.election.ElectionSettings;
import io.murmuration.core.election.Role;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Elections of three nodes while one leads and nothing is wrong. A step is one round of heartbeats on all three: two
 * messages there, two back. Logs, Machines and disks answer at once and cost nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeartbeatBenchmark {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final EntryId LAST = new EntryId(100, 1);
    private static final List<Peer> PEERS =
            List.of(new Peer("n1", new UUID(1, 1)), new Peer("n2", new UUID(1, 2)), new Peer("n3", new UUID(1, 3)));
    private static final Members MEMBERS = Members.voting(PEERS);

    private final Election[] elections = new Election[PEERS.size()];
    private final ArrayDeque<Said> under = new ArrayDeque<>();
    private long now;
    private long sent;
    private long confirmed;
    private long read;

    /** What a node's Election wants done. */
    private record Said(int node, Effect effect) {}

    /** Made by JMH. */
    public HeartbeatBenchmark() {}

    /** Elects n1. */
    @Setup
    public void prepare() {
        under.clear();
        now = 5_000_000_000L;
        sent = 0;
        confirmed = 0;
        read = 0;
        for (int node = 0; node < elections.length; node++) {
            elections[node] = new Election(
                    PEERS.get(node), ElectionSettings.of(TIMEOUT), Ballot.NONE, new SplittableRandom(node));
            add(node, elections[node].start(now));
        }
        perform();
        // Whoever has just started votes for nobody yet, so the two others are spoken for, this once.
        now = elections[0].wakeAt();
        add(0, elections[0].wake(now));
        under.removeIf(said -> said.effect() instanceof Effect.Send);
        perform();
        long term = elections[0].view(now).term();
        add(0, elections[0].received(PEERS.get(1), new PreVoteReply(term, term + 1, true), now));
        perform();
        add(
                0,
                elections[0].received(
                        PEERS.get(1), new VoteReply(elections[0].view(now).term(), true), now));
        perform();
        if (elections[0].view(now).role() != Role.LEADER) {
            throw new IllegalStateException("n1 does not lead: " + elections[0].view(now));
        }
    }

    /** {@return how many messages were sent so far} */
    @Benchmark
    public long beat() {
        long before = sent;
        now = elections[0].wakeAt();
        add(0, elections[0].wake(now));
        perform();
        if (sent - before != 4) {
            throw new IllegalStateException("In a round " + (sent - before) + " messages were sent.");
        }
        return sent;
    }

    /** {@return how many reads were confirmed so far, each by a round of its own} */
    @Benchmark
    public long confirmRead() {
        now += 1_000;
        read++;
        Election leader = elections[0];
        add(0, leader.confirmRead("n1", PEERS.get(0).incarnation(), read, LAST.index(), 1, now));
        perform();
        if (confirmed != read) {
            throw new IllegalStateException("Of " + read + " reads " + confirmed + " are confirmed.");
        }
        return confirmed;
    }

    private void add(int node, List<Effect> effects) {
        for (Effect effect : effects) {
            under.add(new Said(node, effect));
        }
    }

    private void perform() {
        for (Said said = under.poll(); said != null; said = under.poll()) {
            int node = said.node();
            Election election = elections[node];
            Effect effect = said.effect();
            if (effect instanceof Effect.Send send) {
                sent++;
                int to = send.node().charAt(1) - '1';
                add(to, hears(to, node, send.message()));
            } else if (effect instanceof Effect.Persist write) {
                add(node, election.written(write.sequence(), now));
            } else if (effect instanceof Effect.Fence fence) {
                add(node, election.fenced(fence.term(), fence.attempt(), LAST, MEMBERS, true, now));
            } else if (effect instanceof Effect.AskLogPulse) {
                add(node, election.logPulse(LAST, LAST.index(), LAST.index(), 1, now));
            } else if (effect instanceof Effect.AskMachinePulse) {
                add(node, election.machinePulse(LAST.index(), now));
            } else if (effect instanceof Effect.Drain) {
                add(node, election.drained(now));
            } else if (effect instanceof Effect.Answer answer && answer.message() instanceof ClientRpc.ReadReady) {
                confirmed++;
            }
        }
    }

    private List<Effect> hears(int to, int from, ElectionRpc message) {
        return elections[to].received(PEERS.get(from), message, now);
    }
}
