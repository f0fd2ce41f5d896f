package io.murmuration.actor;

import io.murmuration.Explanation;
import io.murmuration.Finding;
import io.murmuration.core.client.ClientView;
import io.murmuration.core.election.Effect.AskLogPulse;
import io.murmuration.core.election.Effect.AskMachinePulse;
import io.murmuration.core.election.Effect.Drain;
import io.murmuration.core.election.Effect.Fence;
import io.murmuration.core.election.Effect.Lead;
import io.murmuration.core.election.Effect.Persist;
import io.murmuration.core.election.Effect.Resign;
import io.murmuration.core.election.Election;
import io.murmuration.core.election.ElectionSettings;
import io.murmuration.core.log.Effect;
import io.murmuration.core.log.LogSettings;
import io.murmuration.core.log.Logs;
import io.murmuration.core.log.Moment;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.snapshot.SnapshotsView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Five real Logs and the real Election of n1, which leads term 1 or follows, under a clock that the test moves. The
 * test decides what arrives and what hangs; what Election and Log make of that is theirs. The other Elections answer
 * heartbeats, and the one that leads sends them.
 */
final class Situation {
    static final Duration T = Duration.ofMillis(500);
    private static final List<String> NODES = List.of("n1", "n2", "n3", "n4", "n5");
    private static final int STEPS_MAX = 1_000_000;

    final Set<String> cut = new HashSet<>();
    final Set<String> diskHangs = new HashSet<>();
    final Set<String> ill = new HashSet<>();
    final Map<String, ReplicatedLog> logs = new TreeMap<>();
    final Election election;
    /** Which of the Logs' messages arrive, by the node that is not n1. */
    Predicate<LogRpc> arrives = message -> true;
    /** Whose Log hears and says nothing. */
    final Set<String> logCut = new HashSet<>();

    boolean logHangs;
    boolean foldHangs;
    boolean electionIsDeaf;
    boolean hasState = true;
    SnapshotsView snapshots = SnapshotsView.NONE;
    ClientView gateway = new ClientView(0, 0, 1 << 20, 0, null, null, "n1", null);
    long now = 5_000_000_000L;

    private final Deque<Runnable> mail = new ArrayDeque<>();
    private long applied;
    private long batch;
    private long round;
    private String leads = "n1";

    Situation(long logBytesMax) {
        this(logBytesMax, NODES);
    }

    private Situation(long logBytesMax, List<String> founders) {
        Members members = Logs.members(founders.toArray(String[]::new));
        for (String node : NODES) {
            Peer self = Logs.peer(node);
            Recovered nothing =
                    new Recovered(self.incarnation(), Logs.LIFE, Ballot.NONE, EntryId.NONE, members, List.of());
            ReplicatedLog log = new ReplicatedLog(self, new LogSettings(T, logBytesMax, 0), nothing);
            logs.put(node, log);
            log.machineReady(0);
            log.fence(0, 0, now);
        }
        election = new Election(Logs.peer("n1"), ElectionSettings.of(T), Ballot.NONE, new SplittableRandom(42));
        elected(election.start(now));
    }

    /** A group that n1 leads, and in which all is well. */
    static Situation leading() {
        return leading(64 << 20);
    }

    static Situation leading(long logBytesMax) {
        Situation situation = new Situation(logBytesMax);
        situation.runs(T.multipliedBy(4));
        return situation;
    }

    /** A group that n2 leads. */
    static Situation following() {
        return following(NODES);
    }

    /** A group that n2 leads, founded by these; n1 runs, whether it belongs to them or not. */
    static Situation following(List<String> founders) {
        Situation situation = new Situation(64 << 20, founders);
        situation.leads = "n2";
        situation.logged("n2", situation.leader().fence(1, 1, situation.now));
        situation.logged("n2", situation.leader().lead(1, situation.moment()));
        if (!founders.contains("n1")) {
            situation.cut.add("n1");
        }
        situation.runs(T.multipliedBy(4));
        return situation;
    }

    void runs(Duration time) {
        long end = now + time.toNanos();
        while (now - end < 0) {
            now += T.toNanos() / 50;
            if (!leads.equals("n1") && !cut.contains("n1")) {
                elected(election.received(Logs.peer(leads), new ElectionRpc.Heartbeat(1, ++round), now));
            }
            if (election.wakeAt() - now <= 0) {
                elected(election.wake(now));
            }
            logs.forEach((node, log) -> {
                if (log.wakeAt() != Long.MAX_VALUE && log.wakeAt() - now <= 0) {
                    logged(node, log.wake(now));
                }
            });
            deliver();
        }
    }

    /** Proposals to the leader's Log. */
    void proposes(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            batch++;
            logged(leads, leader().propose(Logs.GATEWAY, Logs.propose(batch, bytes, batch), moment()));
            deliver();
        }
    }

    void orders(Order order) {
        logged("n1", Logs.ordered(leader(), ++batch, order, moment()));
        deliver();
    }

    ReplicatedLog leader() {
        return logs.get(leads);
    }

    Explanation explained() {
        return Explaining.explain(new Parts(
                "bank",
                "id",
                "n1",
                T.toNanos(),
                null,
                gateway,
                election.view(now),
                logs.get("n1").view(now),
                new StatusPart.OfMachine(applied, 0, hasState),
                snapshots));
    }

    List<String> sentences(Finding.Kind kind) {
        return explained().findings().stream()
                .filter(finding -> finding.kind() == kind)
                .map(Finding::sentence)
                .toList();
    }

    /** The one sentence of this kind. */
    String sentence(Finding.Kind kind) {
        List<String> sentences = sentences(kind);
        if (sentences.size() != 1) {
            throw new AssertionError("There is not one sentence of " + kind + ", but: " + explained());
        }
        return sentences.get(0);
    }

    void deliver() {
        for (int i = 0; !mail.isEmpty(); i++) {
            if (i == STEPS_MAX) {
                throw new IllegalStateException("The messages do not come to an end.");
            }
            mail.remove().run();
        }
    }

    private Moment moment() {
        return new Moment(now, now / 1_000_000);
    }

    // ---- n1's Election

    private void elected(List<io.murmuration.core.election.Effect> effects) {
        effects.forEach(effect -> mail.add(() -> perform(effect)));
    }

    private void perform(io.murmuration.core.election.Effect effect) {
        if (effect instanceof io.murmuration.core.election.Effect.Send send) {
            if (!cut.contains(send.node())) {
                answer(send.node(), send.message());
            }
        } else if (effect instanceof Persist persist) {
            elected(election.written(persist.sequence(), now));
        } else if (effect instanceof Fence fence) {
            logged("n1", logs.get("n1").fence(fence.term(), fence.attempt(), now));
        } else if (effect instanceof Lead lead) {
            logged("n1", logs.get("n1").lead(lead.term(), moment()));
        } else if (effect instanceof Resign resign) {
            logged("n1", logs.get("n1").resign(resign.term()));
        } else if (effect instanceof io.murmuration.core.election.Effect.HandOver over) {
            logged("n1", logs.get("n1").handOver(over.term(), over.step(), now));
        } else if (effect instanceof AskLogPulse && !logHangs) {
            logged("n1", logs.get("n1").pulse());
        } else if (effect instanceof AskMachinePulse && !foldHangs) {
            elected(election.machinePulse(applied, now));
        } else if (effect instanceof Drain) {
            elected(election.drained(now));
        }
    }

    private void answer(String node, ElectionRpc asked) {
        Peer from = Logs.peer(node);
        if (asked instanceof ElectionRpc.Heartbeat beat) {
            EntryId last = logs.get(node).last();
            elected(election.received(
                    from,
                    new ElectionRpc.HeartbeatReply(
                            beat.term(), beat.round(), last, last.index(), !ill.contains(node), 0),
                    now));
        } else if (asked instanceof ElectionRpc.PreVote vote) {
            elected(election.received(from, new ElectionRpc.PreVoteReply(vote.term() - 1, vote.term(), true), now));
        } else if (asked instanceof ElectionRpc.RequestVote vote) {
            elected(election.received(from, new ElectionRpc.VoteReply(vote.term(), true), now));
        }
    }

    // ---- the Logs

    private void logged(String node, List<Effect> effects) {
        effects.forEach(effect -> mail.add(() -> perform(node, effect)));
    }

    private void perform(String node, Effect effect) {
        ReplicatedLog log = logs.get(node);
        boolean own = node.equals("n1");
        if (effect instanceof Effect.Send send) {
            send(node, send);
        } else if (effect instanceof Effect.Write write && !diskHangs.contains(node)) {
            logged(node, log.written(write.sequence(), now));
        } else if (effect instanceof Effect.Committed committed && !(own && foldHangs)) {
            long last = committed.entries().get(committed.entries().size() - 1).index();
            applied = own ? last : applied;
            logged(node, log.applied(last));
        } else if (effect instanceof Effect.TermSeen seen && !own) {
            logged(node, log.fence(seen.term(), 1, now));
        } else if (effect instanceof Effect.FlushSoon) {
            logged(node, log.flush(now));
        } else if (own && effect instanceof Effect.Fenced fenced) {
            elected(election.fenced(
                    fenced.term(), fenced.attempt(), fenced.last(), fenced.members(), fenced.mayStand(), now));
        } else if (own && effect instanceof Effect.MembersChanged changed) {
            elected(election.membersChanged(changed.members(), changed.mayStand(), now));
        } else if (own && effect instanceof Effect.LogPulse pulse) {
            elected(election.logPulse(pulse.last(), pulse.commit(), pulse.durable(), pulse.written(), now));
        } else if (own && effect instanceof Effect.HandOver over && !electionIsDeaf) {
            elected(election.handOver(over.term(), over.step(), now));
        }
    }

    private void send(String node, Effect.Send send) {
        ReplicatedLog to = logs.get(send.node());
        boolean passes = Stream.of(node, send.node()).noneMatch(end -> cut.contains(end) || logCut.contains(end));
        if (to != null && passes && arrives.test(send.message())) {
            logged(send.node(), to.receive(Logs.peer(node), send.message(), now));
        }
    }
}
