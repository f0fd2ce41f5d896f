package io.murmuration.core.apply;

import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.machine.StateMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Folds committed entries into the state (§5.3, §8); mutable. The one owner of lastApplied, state and sessions. "If a
 * server has applied a log entry at a given index to its state machine, no other server will ever apply a different log
 * entry for the same index" (figure 3): it applies strictly index by index, and what it holds at an index is the same
 * on every node. It has that compared, and stops where it is not so [B10].
 *
 * <p>It folds in slices, so that a pulse or a read is answered in between. What waits is bounded by Log, which is never
 * more than a window of bytes ahead of what was applied. Deterministic but for the user's fold and codec; one thread at
 * a time.
 *
 * @param <S> the type of the state
 */
public final class Machine<S> {
    /** The most entries that are folded before other messages are seen. */
    public static final int SLICE_ENTRIES = 256;

    private final String group;
    private final long hashEvery;
    private final Folded<S> folded;
    private final Taking taking;
    private final Agreement agreement;
    private final Watches watches;

    private final ArrayDeque<Pending> backlog = new ArrayDeque<>();
    private EntryId received = EntryId.NONE;
    private boolean hasState = true;
    private boolean continues;
    private final Reads reads;

    private record Pending(Entry entry, boolean answering) {}

    /**
     * A machine in its initial state, at index 0, that is compared with no other.
     *
     * @param group the group's name, for errors
     * @param machine initial state and folds
     * @param codec decodes commands and encodes replies
     */
    public Machine(String group, StateMachine<S> machine, Codec codec) {
        this(Blueprint.alone(group, machine, codec), Members.NONE);
    }

    /**
     * A machine in its initial state, at index 0.
     *
     * @param blueprint what it is made from
     * @param base the members that founded the group
     */
    public Machine(Blueprint<S> blueprint, Members base) {
        group = blueprint.group();
        hashEvery = blueprint.settings().hashEvery();
        folded = blueprint.initial(base);
        taking = new Taking(blueprint.settings().snapshotBytes());
        agreement = new Agreement(blueprint);
        reads = new Reads(folded);
        watches = new Watches(folded);
    }

    /**
     * A machine that goes on from a snapshot of its own.
     *
     * @param blueprint what it is made from
     * @param image what the snapshot holds
     * @param <S> the type of the state
     * @return a machine at the image's index
     */
    public static <S> Machine<S> restored(Blueprint<S> blueprint, Image<?> image) {
        Machine<S> restored = new Machine<>(blueprint, image.members());
        restored.become(image);
        return restored;
    }

    /**
     * A machine whose state cannot be had from this node's disk. It says nothing to Log and serves no read before
     * {@link #restore}; pulses are answered.
     *
     * @param blueprint what it is made from
     * @param <S> the type of the state
     * @return a machine that waits
     */
    public static <S> Machine<S> withoutState(Blueprint<S> blueprint) {
        Machine<S> waiting = new Machine<>(blueprint, Members.NONE);
        waiting.hasState = false;
        waiting.watches.awaitState();
        return waiting;
    }

    /**
     * The first thing to be called: Log feeds nothing before it knows where to start.
     *
     * @return what to do
     */
    public List<Effect> start() {
        return hasState ? List.of(new Effect.Ready(applied().index())) : List.of();
    }

    /**
     * These entries are committed. Folds the first slice of them at once if nothing else waits.
     *
     * @param entries the next entries, without gap or repetition
     * @param answering whether this node led when they were committed
     * @return what to do
     */
    public List<Effect> committed(List<Entry> entries, boolean answering) {
        if (!hasState) {
            throw new InvariantViolation(
                    "The Machine of group " + group + " is fed entries, but has no state to fold them into.");
        }
        for (Entry entry : entries) {
            if (entry.index() != received.index() + 1 || entry.term() < received.term()) {
                throw new InvariantViolation("Entries are applied index by index and their terms never fall: "
                        + entry.id() + " cannot follow " + received + " in group " + group + ".");
            }
            received = entry.id();
            backlog.add(new Pending(entry, answering));
        }
        return continues ? List.of() : slice();
    }

    /**
     * Folds what waits, at most {@link #SLICE_ENTRIES}. Called when {@link Port#continueLater} has been performed.
     *
     * @return what to do
     */
    public List<Effect> slice() {
        Answers answers = new Answers();
        List<Effect> notices = new ArrayList<>(0);
        EntryId before = applied();
        RuntimeException failure = foldSlice(answers, notices);
        if (failure instanceof Diverged) {
            // Nobody is answered from a state that is not the group's, not even those of the entries before.
            backlog.clear();
            continues = false;
            notices.add(new Effect.Stop(failure));
            return notices;
        }

        List<Effect> effects = new ArrayList<>(answers.effects());
        if (!applied().equals(before)) {
            effects.add(new Effect.Progressed(applied().index()));
            serve(effects);
        }
        effects.addAll(notices);
        continues = failure == null && !backlog.isEmpty();
        if (failure == null) {
            takeIfDue(effects);
        }
        if (continues) {
            effects.add(new Effect.Continue());
        }
        if (failure != null) {
            effects.add(new Effect.Stop(failure));
        }
        return effects;
    }

    /**
     * Someone wants to read at an index or later (thesis 6.4: "it waits for its state machine to advance at least as
     * far as the readIndex").
     *
     * @param index the least index that must be applied; 0 for whatever is there
     * @param reader who reads
     * @return what to do
     */
    public List<Effect> read(long index, Reader reader) {
        return reads.read(index, reader, hasState);
    }

    /**
     * Election asks whether this Machine is alive.
     *
     * @return what to do
     */
    public List<Effect> pulse() {
        return List.of(new Effect.Alive(applied().index()));
    }

    /**
     * A snapshot is wanted that reaches as far as is applied now: by an operator, or by a member that has lost its
     * state. If one is being made, the next one follows it. Nothing happens if there is none to take: no state, no
     * entry, or no entry since the last snapshot.
     *
     * @return what to do
     */
    public List<Effect> snapshotNow() {
        if (!hasState) {
            return List.of();
        }
        taking.want();
        return takeIfDue(new ArrayList<>(1));
    }

    /** The newest snapshot of this node cannot be read any more: {@link #snapshotNow} takes one even where it was. */
    public void snapshotLost() {
        taking.lost();
    }

    /**
     * The snapshot of {@link Effect.Take} is durable, or has failed.
     *
     * @param index its index
     * @param stored whether it is durable
     * @return what to do
     */
    public List<Effect> snapshotEnded(long index, boolean stored) {
        taking.ended(index, stored);
        return takeIfDue(new ArrayList<>(1));
    }

    /**
     * Log has made a snapshot of another node the base of this log, or this Machine had no state (§7: "reset state
     * machine using snapshot contents"). What waited to be folded is dropped: the image includes it. The next entry
     * that comes is the one behind the image.
     *
     * @param image what to become
     * @return what to do
     * @throws InvariantViolation if the image is not ahead of the state that is there
     */
    public List<Effect> restore(Image<?> image) {
        if (hasState && image.last().index() <= applied().index()) {
            throw new InvariantViolation("The state of group " + group + " at " + applied()
                    + " is to be replaced by a snapshot at " + image.last() + ", but what is applied never falls.");
        }
        become(image);
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.Ready(applied().index()));
        serve(effects);
        return effects;
    }

    /**
     * The Machine of another member has told what its outcomes hash to.
     *
     * @param from the member
     * @param hash its hash, and up to where
     * @return what to do
     */
    public List<Effect> reported(Peer from, OutcomeHash hash) {
        List<Effect> effects = new ArrayList<>(0);
        Diverged diverged = agreement.reported(from, hash, effects);
        if (diverged != null) {
            effects.add(new Effect.Stop(diverged));
        }
        return effects;
    }

    /**
     * Those who watch.
     *
     * @return always the same, to be asked on this Machine's thread
     */
    public Watches watches() {
        return watches;
    }

    /**
     * lastApplied of figure 2.
     *
     * @return the id of the last entry that was folded
     */
    public EntryId applied() {
        return folded.applied();
    }

    /**
     * The state.
     *
     * @return the state at {@link #applied}
     */
    public S state() {
        return folded.state();
    }

    /**
     * Whether there is a state.
     *
     * @return false for a machine {@link #withoutState} that was not restored yet: then {@link #state} says nothing
     */
    public boolean hasState() {
        return hasState;
    }

    /**
     * The time that the log tells.
     *
     * @return the time at {@link #applied}
     */
    public LogTime time() {
        return folded.time();
    }

    /**
     * The members in force.
     *
     * @return the members at {@link #applied}
     */
    public Members members() {
        return folded.members();
    }

    /**
     * What the outcomes of the current epoch hash to.
     *
     * @return the chained hash at {@link #applied}; it says nothing while an upgrade is part of it
     */
    public long chain() {
        return folded.chain();
    }

    /**
     * The sessions.
     *
     * @return the table at {@link #applied}
     */
    public Sessions sessions() {
        return folded.sessions();
    }

    /** Entries before the one that fails are folded, and their askers answered: the failure is not their fault. */
    private @Nullable RuntimeException foldSlice(Answers answers, List<Effect> notices) {
        for (int count = 0; count < SLICE_ENTRIES; count++) {
            Pending next = backlog.peek();
            if (next == null) {
                return null;
            }
            try {
                folded.fold(next.entry(), next.answering() ? answers : null);
            } catch (FoldFailed failure) {
                return failure;
            }
            backlog.remove();
            taking.folded(next.entry().size());
            if (next.entry().index() % hashEvery == 0) {
                Diverged diverged = compare(notices);
                if (diverged != null) {
                    return diverged;
                }
            }
            if (watches.mustBeTold()) {
                return null;
            }
        }
        return null;
    }

    private @Nullable Diverged compare(List<Effect> notices) {
        OutcomeHash hash = folded.hash();
        if (hash == null) {
            agreement.passed(applied().index());
            return null;
        }
        notices.add(new Effect.Report(hash, members()));
        return agreement.own(hash, members(), notices);
    }

    /** All but the reads that wait. A slice that is on its way will find what comes next. */
    private void become(Image<?> image) {
        folded.restore(image);
        hasState = true;
        backlog.clear();
        received = image.last();
        taking.restored(image.last().index());
        agreement.restored(image.last().index());
        watches.stateArrived();
    }

    private void serve(List<Effect> effects) {
        reads.serve(effects);
        watches.tell(effects);
    }

    private List<Effect> takeIfDue(List<Effect> effects) {
        if (hasState && taking.begins(applied().index())) {
            effects.add(new Effect.Take(folded.image()));
        }
        return effects;
    }
}
