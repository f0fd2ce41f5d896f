package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Effect.Take;
import io.murmuration.core.log.Effect.Covered;
import io.murmuration.core.log.Effect.Restore;
import io.murmuration.core.log.Effect.Unneeded;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.SnapshotRpc;
import io.murmuration.core.snapshot.Effect.Compact;
import io.murmuration.core.snapshot.Effect.Install;
import io.murmuration.testkit.sim.ScenarioNetwork.Letter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells of messages, each that says something new; mutable. */
final class ScenarioHearsay {
    private final ScenarioTold told;
    private final ScenarioWords words;
    private final Set<String> said = new HashSet<>();
    private boolean verbose;

    ScenarioHearsay(ScenarioTold told, ScenarioWords words) {
        this.told = told;
        this.words = words;
    }

    /** Whether all messages between nodes are told. */
    void verbose(boolean now) {
        verbose = now;
    }

    /** A message between nodes arrives, or does not. */
    void tell(Letter letter, boolean arrives) {
        Rpc body = letter.message().body();
        if (verbose || isWorthALine(letter, body, arrives)) {
            told.said(
                    letter.from().name(),
                    letter.to().name(),
                    arrives,
                    letter.actor().word(),
                    words.of(body));
        }
    }

    /** Founding, heartbeats of a known leader, probes, and what was said before in the same term are not. */
    private boolean isWorthALine(Letter letter, Rpc body, boolean arrives) {
        String way = letter.from().name() + ">" + letter.to().name() + ">" + arrives;
        if (letter.actor() == Actor.GROUP) {
            return false;
        }
        if (body instanceof ElectionRpc.Heartbeat beat) {
            return said.add(way + " leads " + beat.term());
        }
        if (body instanceof ElectionRpc.HeartbeatReply reply) {
            return termOf(letter.to()) < reply.term();
        }
        if (body instanceof LogRpc.Matched reply) {
            return said.add(way + " matched " + reply.term() + " " + reply.matched());
        }
        if (body instanceof LogRpc.SnapshotOffer offer) {
            return said.add(way + " offers " + offer.term() + " " + offer.snapshot());
        }
        if (body instanceof SnapshotRpc.SnapshotWanted) {
            return said.add(way + " wants " + letter.from().lifeOf(Actor.SNAPSHOTS));
        }
        return !(body instanceof LogRpc.AppendEntries append)
                || !append.entries().isEmpty();
    }

    private static long termOf(SimNode node) {
        var election = node.election();
        return election == null ? -1 : election.view(node.nanos()).term();
    }

    /** Which snapshots a disk has got and lost. */
    void tellSnapshots(SimNode node, Set<Long> before) {
        Set<Long> now = node.disk().snapshots().keySet();
        tellSnapshots(node, "has on disk: the snapshot at ", now, before);
        tellSnapshots(node, "deletes the snapshot at ", before, now);
    }

    private void tellSnapshots(SimNode node, String what, Set<Long> some, Set<Long> others) {
        some.stream()
                .filter(index -> !others.contains(index))
                .sorted()
                .forEach(index -> told.happened(node.name(), Actor.STORE.word(), what + index));
    }

    /** An actor hears something inside its node: what becomes of snapshots. */
    void tell(SimNode node, Actor to, Object message) {
        String what = what(message);
        if (what != null) {
            told.happened(node.name(), to.word(), what);
        }
    }

    /** What one actor of a node says to another one. */
    static String inside(Object message) {
        if (message instanceof Compact compact) {
            return "here is " + ScenarioWords.of(compact.snapshot());
        }
        if (message instanceof Install install) {
            return "install the snapshot at " + install.last();
        }
        if (message instanceof Take take) {
            return "here is an image of the state at " + take.image().last();
        }
        return message instanceof Restore restore ? "go on from the snapshot at " + restore.index() : Words.of(message);
    }

    private static @Nullable String what(Object message) {
        if (message instanceof Message.Saved saved) {
            return saved.durable() ? null : "finds no room for a snapshot";
        }
        if (message instanceof Message.Loaded loaded && loaded.bytes() == null) {
            return "cannot read the snapshot at " + loaded.id().index();
        }
        if (message instanceof Restore restore) {
            return "goes on from the snapshot at " + restore.index();
        }
        if (message instanceof Message.Seed seed) {
            return "must ask others for a state that reaches " + seed.index();
        }
        if (message instanceof Unneeded unneeded) {
            return "hears that the snapshot at " + unneeded.index() + " is not needed";
        }
        return message instanceof Covered covered ? "may delete what is older than " + covered.index() : null;
    }
}
