package io.murmuration.actor;

import static io.murmuration.actor.FollowerWords.STILL_TIMEOUTS;
import static io.murmuration.actor.FollowerWords.partOf;
import static io.murmuration.actor.FollowerWords.seconds;

import io.murmuration.Explanation;
import io.murmuration.Finding;
import io.murmuration.Finding.Kind;
import io.murmuration.core.client.ClientView;
import io.murmuration.core.election.Health;
import io.murmuration.core.election.Heard;
import io.murmuration.core.election.Role;
import io.murmuration.core.election.View;
import io.murmuration.core.log.FollowerView;
import io.murmuration.core.log.LogView;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.Peer;
import io.murmuration.core.snapshot.SnapshotsView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes sentences of what a replica's actors have said (pure: the same parts give the same sentences). What is normal
 * for a moment is left out: something must have waited for T, or not have moved for several T.
 */
final class Explaining {
    /** A machine that lacks less and moves is as good as level. */
    static final long BEHIND_ENTRIES = FollowerWords.BEHIND_ENTRIES;
    /** A refusal is told for so many T: those who were refused ask again meanwhile. */
    static final long REFUSED_TIMEOUTS = 10;

    private final Parts parts;
    private final List<Finding> findings = new ArrayList<>();

    private Explaining(Parts parts) {
        this.parts = parts;
    }

    /** What is wrong, the gravest kinds first. */
    static Explanation explain(Parts parts) {
        Explaining explaining = new Explaining(parts);
        explaining.look();
        explaining.findings.sort(Comparator.comparing(Finding::kind));
        return new Explanation(parts.group(), parts.node(), explaining.summary(), explaining.findings);
    }

    private void look() {
        Parts.Down down = parts.down();
        if (down != null) {
            own(down.role().equals("stalled") ? Kind.STALLED : Kind.REPLICA_DOWN, down.why());
            return;
        }
        String silent = parts.silent();
        if (silent != null) {
            own(Kind.STALLED, silent);
        }
        View election = parts.election();
        LogView log = parts.log();
        if (log != null && log.outside() != null) {
            own(Kind.NOT_A_MEMBER, log.outside());
        } else if (election != null && election.leader() == null) {
            String why = election.whyNoLeader();
            group(Kind.NO_LEADER, why == null ? "No leader is known." : why);
        }
        if (election != null && log != null) {
            stalls(election.health(), log);
            if (log.leading() != null && election.role() == Role.LEADER) {
                leads(election, log, log.leading());
            } else if (election.leader() != null) {
                follows(election, log, election.leader());
            }
        }
        machine();
        SnapshotsView snapshots = parts.snapshots();
        if (snapshots != null && snapshots.coming() != null) {
            comes(snapshots.coming());
        }
        gateway();
    }

    // ---- this node's own parts

    private void stalls(Health health, LogView log) {
        long patience = STILL_TIMEOUTS * parts.timeoutNanos();
        if (health.log() >= patience) {
            own(
                    Kind.STALLED,
                    "This node's Log has not answered for " + seconds(health.log())
                            + ": it is overloaded, or its processor is stuck. Look at this process.");
        }
        long write = Math.max(log.oldestWrite(), health.disk());
        if (write >= patience) {
            own(
                    Kind.STALLED,
                    String.format(
                            Locale.ROOT,
                            "This node's disk has finished no write for %s: the log is durable up to %,d of %,d."
                                    + " Look at its disk.",
                            seconds(write),
                            log.durable(),
                            log.last().index()));
        }
    }

    private void machine() {
        StatusPart.OfMachine machine = parts.machine();
        LogView log = parts.log();
        View election = parts.election();
        if (machine == null || log == null || election == null) {
            return;
        }
        long applied = machine.applied();
        long waits = log.commit() - applied;
        if (!machine.hasState()) {
            own(
                    Kind.NOT_APPLIED,
                    "This node has no state and serves no reads: it waits for a snapshot of another member."
                            + " One of them must run and have the right state.");
        } else if (waits > 0 && election.health().fold() >= STILL_TIMEOUTS * parts.timeoutNanos()) {
            own(
                    Kind.NOT_APPLIED,
                    String.format(
                            Locale.ROOT,
                            "Index %,d is committed, but this node has applied nothing beyond %,d for %s: a fold hangs,"
                                    + " or its reads do. Take a thread dump of this process.",
                            log.commit(),
                            applied,
                            seconds(election.health().fold())));
        } else if (waits >= BEHIND_ENTRIES) {
            own(
                    Kind.NOT_APPLIED,
                    String.format(
                            Locale.ROOT,
                            "This node has applied %,d of %,d committed entries, and goes on. Give it time; if the gap"
                                    + " grows, its folds are too slow for the load.",
                            applied,
                            log.commit()));
        }
    }

    /** A snapshot is on its way here. */
    private void comes(SnapshotsView.Coming coming) {
        if (coming.lasts() < parts.timeoutNanos()) {
            return;
        }
        long index = coming.held().id().index();
        String holder = coming.held().id().holder().node();
        if (coming.whole()) {
            own(
                    Kind.NOT_APPLIED,
                    String.format(
                            Locale.ROOT,
                            "This node has all %,d bytes of the snapshot that ends at %,d and puts it in place. Give it"
                                    + " time; if it takes too long, look at its disk.",
                            coming.received(),
                            index));
            return;
        }
        boolean still = coming.stillness() >= STILL_TIMEOUTS * parts.timeoutNanos();
        own(
                Kind.NOT_APPLIED,
                String.format(
                        Locale.ROOT,
                        "This node pulls the snapshot that ends at %,d from %s and has %s%s",
                        index,
                        holder,
                        partOf(coming.received(), coming.held().size()),
                        still
                                ? ", but nothing has come for " + seconds(coming.stillness()) + ". See that " + holder
                                        + " runs and can be reached; if it stays away, another one is pulled."
                                : ". Give it time."));
    }

    private void gateway() {
        ClientView gateway = parts.gateway();
        if (gateway == null || gateway.oldest() < parts.timeoutNanos()) {
            return;
        }
        String waiting = String.format(
                Locale.ROOT,
                "Commands that were asked on this node wait (%,d of %,d bytes), the oldest for %s: ",
                gateway.open(),
                gateway.bytes(),
                seconds(gateway.oldest()));
        String asked = gateway.sentTo();
        String last = gateway.lastRefusal() == null ? "none" : gateway.lastRefusal();
        if (gateway.refusal() == Refusal.OVERLOADED) {
            group(
                    Kind.OVERLOADED,
                    waiting + "the leader has no room for it (last refusal: " + last
                            + "). Ask less at a time, and let the leader explain itself.");
        } else if (gateway.leader() == null) {
            group(Kind.NOT_ANSWERED, waiting + "no leader is known to send it to (last refusal: " + last + ").");
        } else if (asked != null) {
            group(
                    Kind.NOT_ANSWERED,
                    waiting + "it was sent to " + asked + ", which has not answered. Let " + gateway.leader()
                            + " explain itself.");
        } else {
            group(Kind.NOT_ANSWERED, waiting + "it is to be sent to " + gateway.leader() + ", behind others.");
        }
    }

    // ---- the group

    private void follows(View election, LogView log, String leader) {
        long waited = election.health().commit();
        if (waited >= STILL_TIMEOUTS * parts.timeoutNanos() && log.last().index() > log.commit()) {
            group(
                    Kind.NOT_COMMITTED,
                    String.format(
                            Locale.ROOT,
                            "The log of this node ends at %,d, and for %s nothing beyond %,d is known to be committed;"
                                    + " %s leads and knows why: let it explain itself.",
                            log.last().index(),
                            seconds(waited),
                            log.commit(),
                            leader));
        }
    }

    private void leads(View election, LogView log, LogView.Leading leading) {
        List<FollowerWords> words = new ArrayList<>();
        for (FollowerView follower : leading.followers()) {
            words.add(new FollowerWords(
                    follower, heard(election, follower.peer()), log, served(follower.peer()), parts.timeoutNanos()));
        }
        if (leading.waits() != null && election.health().commit() >= parts.timeoutNanos()) {
            String sentence = new CommitWords(parts.node(), leading.waits(), election.health(), log, words).sentence();
            group(Kind.NOT_COMMITTED, sentence);
        }
        for (FollowerWords one : words) {
            String sentence = one.sentence();
            if (sentence != null) {
                findings.add(
                        new Finding(Kind.MEMBER_BEHIND, one.follower().peer().node(), sentence));
            }
        }
        if (leading.change() != null) {
            group(Kind.MEMBERS_CHANGING, leading.change());
        }
        if (leading.handOver() != null) {
            group(Kind.HANDING_OVER, "Leadership is being handed over: " + leading.handOver());
        }
        room(log, leading);
    }

    private void room(LogView log, LogView.Leading leading) {
        if (leading.refused() < 0 || leading.refused() >= REFUSED_TIMEOUTS * parts.timeoutNanos()) {
            return;
        }
        LogView.Room room = log.room();
        group(
                Kind.OVERLOADED,
                String.format(
                        Locale.ROOT,
                        "This leader refused commands %s ago: its log holds %,d bytes and %,d wait to be appended, of"
                                + " murmuration.log-bytes-max (%,d). Room comes with what is applied and in a snapshot"
                                + " (that ends at %,d of %,d); ask less, or raise the bound.",
                        seconds(leading.refused()),
                        room.bytes(),
                        room.queued(),
                        room.bytesMax(),
                        log.snapshot(),
                        log.last().index()));
    }

    private static @Nullable Heard heard(View election, Peer peer) {
        return election.others().stream()
                .filter(other -> other.peer().equals(peer))
                .findFirst()
                .orElse(null);
    }

    private SnapshotsView.@Nullable Served served(Peer peer) {
        SnapshotsView snapshots = parts.snapshots();
        return snapshots == null ? null : snapshots.servedTo(peer).orElse(null);
    }

    // ---- words

    private String summary() {
        if (parts.down() != null) {
            return "The replica of group " + parts.group() + " is "
                    + parts.down().role() + " on " + parts.node() + ".";
        }
        View election = parts.election();
        LogView log = parts.log();
        StatusPart.OfMachine machine = parts.machine();
        String leads = election == null
                ? "Who leads is not known"
                : election.leader() == null
                        ? "Nobody is known to lead term " + election.term()
                        : election.leader() + " leads term " + election.term();
        return log == null
                ? leads + "."
                : String.format(
                        Locale.ROOT,
                        "%s; the log of %s ends at %,d, is committed up to %,d and applied up to %s.",
                        leads,
                        parts.node(),
                        log.last().index(),
                        log.commit(),
                        machine == null ? "an unknown index" : String.format(Locale.ROOT, "%,d", machine.applied()));
    }

    private void own(Kind kind, String sentence) {
        findings.add(new Finding(kind, parts.node(), sentence));
    }

    private void group(Kind kind, String sentence) {
        findings.add(new Finding(kind, null, sentence));
    }
}
