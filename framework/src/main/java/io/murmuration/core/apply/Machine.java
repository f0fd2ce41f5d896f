package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Payload;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.StateMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Folds committed entries into the state (§5.3, §8); mutable. The one owner of lastApplied, state and sessions. "If a
 * server has applied a log entry at a given index to its state machine, no other server will ever apply a different log
 * entry for the same index" (figure 3): it applies strictly index by index, and what it holds at an index is the same
 * on every node.
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
    private final StateMachine<S> machine;
    private final Codec codec;

    private S state;
    private EntryId applied = EntryId.NONE;
    private LogTime time = LogTime.START;
    private final Sessions sessions;

    private final ArrayDeque<Pending> backlog = new ArrayDeque<>();
    private EntryId received = EntryId.NONE;
    private boolean continues;
    private final Reads reads = new Reads();

    private record Pending(Entry entry, boolean answering) {}

    /**
     * A machine in its initial state, at index 0.
     *
     * @param group the group's name, for errors
     * @param machine initial state and folds
     * @param codec decodes commands and encodes replies
     */
    public Machine(String group, StateMachine<S> machine, Codec codec) {
        this(group, machine, codec, new Sessions());
    }

    Machine(String group, StateMachine<S> machine, Codec codec, Sessions sessions) {
        this.group = group;
        this.machine = machine;
        this.codec = codec;
        this.state = machine.initial();
        this.sessions = sessions;
    }

    /**
     * The first thing to be called: Log feeds nothing before it knows where to start.
     *
     * @return what to do
     */
    public List<Effect> start() {
        return List.of(new Effect.Ready(applied.index()));
    }

    /**
     * These entries are committed. Folds the first slice of them at once if nothing else waits.
     *
     * @param entries the next entries, without gap or repetition
     * @param answering whether this node led when they were committed
     * @return what to do
     */
    public List<Effect> committed(List<Entry> entries, boolean answering) {
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
        EntryId before = applied;
        FoldFailed failure = foldSlice(answers);

        List<Effect> effects = new ArrayList<>(answers.effects());
        if (!applied.equals(before)) {
            effects.add(new Effect.Progressed(applied.index()));
            for (Reader reader : reads.due(applied.index())) {
                effects.add(new Effect.Serve(reader, state, applied.index()));
            }
        }
        continues = failure == null && !backlog.isEmpty();
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
        if (index <= applied.index()) {
            return List.of(new Effect.Serve(reader, state, applied.index()));
        }
        reads.await(index, reader);
        return List.of();
    }

    /**
     * Election asks whether this Machine is alive.
     *
     * @return what to do
     */
    public List<Effect> pulse() {
        return List.of(new Effect.Alive(applied.index()));
    }

    /**
     * lastApplied of figure 2.
     *
     * @return the id of the last entry that was folded
     */
    public EntryId applied() {
        return applied;
    }

    /**
     * The state.
     *
     * @return the state at {@link #applied}
     */
    public S state() {
        return state;
    }

    /**
     * The time that the log tells.
     *
     * @return the time at {@link #applied}
     */
    public LogTime time() {
        return time;
    }

    /**
     * The sessions.
     *
     * @return the table at {@link #applied}
     */
    public Sessions sessions() {
        return sessions;
    }

    /** Entries before the one that fails are folded, and their askers answered: the failure is not their fault. */
    private @Nullable FoldFailed foldSlice(Answers answers) {
        for (int folded = 0; folded < SLICE_ENTRIES; folded++) {
            Pending next = backlog.peek();
            if (next == null) {
                return null;
            }
            try {
                fold(next.entry(), next.answering() ? answers : null);
            } catch (FoldFailed failure) {
                return failure;
            }
            backlog.remove();
        }
        return null;
    }

    private void fold(Entry entry, @Nullable Answers answers) {
        LogTime now = time.at(entry.timeMillis());
        if (entry.payload() instanceof Payload.Proposed proposed) {
            propose(proposed, now.meta(entry.index(), entry.term()), answers);
        } else if (entry.payload() instanceof Payload.OpenSession asked) {
            open(entry.index(), asked, answers);
        }
        // NoOp and MembersSet concern the Log alone; they still advance index and time.
        time = now;
        applied = entry.id();
    }

    private void open(long index, Payload.OpenSession asked, @Nullable Answers answers) {
        Sessions.Gateway gateway = new Sessions.Gateway(asked.life(), asked.node());
        long session = sessions.open(index, gateway);
        if (answers != null) {
            answers.opened(gateway, session);
        }
    }

    private void propose(Payload.Proposed proposed, Meta meta, @Nullable Answers answers) {
        Outcome outcome = sessions.answered(proposed);
        if (outcome == null) {
            outcome = new Outcome(proposed.serial(), meta.index(), carryOut(proposed, meta, answers));
            sessions.remember(proposed.session(), outcome);
        }
        Sessions.Gateway gateway = sessions.gateway(proposed.session());
        if (answers != null && gateway != null) {
            answers.outcome(gateway, proposed.session(), outcome);
        }
    }

    private Reply carryOut(Payload.Proposed proposed, Meta meta, @Nullable Answers answers) {
        Command<?> command = decode(proposed, meta);
        String name = command.getClass().getName();
        Applied<S, ?> result;
        try {
            result = machine.apply(state, command, meta);
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError thrown) {
            throw new FoldFailed(group, meta.index(), name, "could not be folded", thrown);
        }
        state = result.state();
        if (result.reason() != null) {
            return ReplyRule.declined(result.reason());
        }
        try {
            return ReplyRule.replied(codec.encode(Objects.requireNonNull(result.reply())), name);
        } catch (RuntimeException | StackOverflowError | LinkageError thrown) {
            if (answers != null) {
                answers.lost(meta.index(), name, thrown);
            }
            return ReplyRule.unencodable(name);
        }
    }

    private Command<?> decode(Payload.Proposed proposed, Meta meta) {
        String manifest = proposed.command().manifest();
        try {
            if (codec.decode(proposed.command()) instanceof Command<?> command) {
                return command;
            }
        } catch (RuntimeException | StackOverflowError | LinkageError thrown) {
            throw new FoldFailed(group, meta.index(), manifest, "could not be decoded", thrown);
        }
        throw new FoldFailed(
                group,
                meta.index(),
                manifest,
                "could not be folded",
                new IllegalArgumentException("what was decoded is not a Command"));
    }
}
