package io.murmuration.core.election;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.LostPatience;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This node's ballot: decided in memory at once, told to others only when it is durable [C4]. Mutable.
 *
 * <p>Guarantees that ballots only move forward, that term and vote are one record, and that no answer of a term leaves
 * before that term (for a granted vote: that vote) is on disk (figure 2: "updated on stable storage before
 * responding").
 */
final class Ballots {
    /** Local time-outs mean "stop loudly". */
    static final long PATIENCE_NANOS = 60_000_000_000L;

    /** Answers that wait for the disk; more are lost, as any message may be. */
    private static final int HELD_MAX = 1_024;

    private record Pending(long sequence, long since) {}

    private record Held(long sequence, Effect effect) {}

    private final List<Pending> pending = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private Ballot current;
    private long handed;
    private long durable;
    private long termSequence;

    /** Starts with what the journal said. */
    Ballots(Ballot recovered) {
        this.current = recovered;
    }

    Ballot current() {
        return current;
    }

    long term() {
        return current.term();
    }

    /** Whether the current term is on disk; its vote may still be on the way. */
    boolean termIsDurable() {
        return termSequence <= durable;
    }

    /** Decides: from now on this is the ballot in memory, and the effect makes it durable. */
    Effect change(Ballot next, long now) {
        boolean raised = next.term() > current.term();
        boolean cast = next.term() == current.term() && current.votedFor() == null && next.votedFor() != null;
        if (!raised && !cast) {
            throw new InvariantViolation("A ballot only moves forward: " + next + " cannot follow " + current + ".");
        }
        current = next;
        handed++;
        if (raised) {
            termSequence = handed;
        }
        pending.add(new Pending(handed, now));
        return new Effect.Persist(handed, next);
    }

    /** This write and all before it are durable: what waited for them may leave. */
    List<Effect> written(long sequence) {
        if (sequence > handed) {
            throw new InvariantViolation(
                    "The Store says that write " + sequence + " is durable, but only " + handed + " were handed over.");
        }
        durable = Math.max(durable, sequence);
        pending.removeIf(write -> write.sequence() <= durable);
        List<Effect> released = new ArrayList<>();
        for (Iterator<Held> each = held.iterator(); each.hasNext(); ) {
            Held next = each.next();
            if (next.sequence() <= durable) {
                released.add(next.effect());
                each.remove();
            }
        }
        return released;
    }

    /** The effect if it may leave now; else null, and {@link #written} returns it when the current term is durable. */
    @Nullable
    Effect onceTermIsDurable(Effect effect) {
        return onceDurable(termSequence, effect);
    }

    /** The effect if it may leave now; else null, and {@link #written} returns it when the current vote is durable. */
    @Nullable
    Effect onceVoteIsDurable(Effect effect) {
        return onceDurable(handed, effect);
    }

    private @Nullable Effect onceDurable(long sequence, Effect effect) {
        if (sequence <= durable) {
            return effect;
        }
        if (held.size() < HELD_MAX) {
            held.add(new Held(sequence, effect));
        }
        return null;
    }

    /** When {@link #checkPatience} is due. */
    long patience() {
        return pending.isEmpty() ? Times.NEVER : pending.get(0).since() + PATIENCE_NANOS;
    }

    /** Stops loudly if the disk no longer answers; after a pause of this whole process it is given its time anew. */
    void checkPatience(long slack, long now) {
        if (Times.missed(patience(), now, slack)) {
            pending.replaceAll(write -> new Pending(write.sequence(), now));
        } else if (Times.reached(patience(), now)) {
            throw new LostPatience("The ballot " + current + " was handed to the Store and is not durable after "
                    + "60 s; the replica stops. Look at the disk of this node.");
        }
    }
}
