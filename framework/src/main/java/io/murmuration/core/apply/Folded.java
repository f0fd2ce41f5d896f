package io.murmuration.core.apply;

import io.murmuration.core.apply.OutcomeChain.Kind;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.StateMachine;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that is replicated: what a {@link Machine} is at an index, the same on every node, and how an entry changes it
 * (§5.3, §8); mutable, on the hot path. Who is answered, and when, is the Machine's business.
 *
 * @param <S> the type of the state
 */
final class Folded<S> {
    private final String group;
    private final StateMachine<S> machine;
    private final Codec codec;
    private final Sessions.Bounds bounds;
    private final OutcomeChain chain;
    private final History history;

    private S state;
    private EntryId applied = EntryId.NONE;
    private LogTime time = LogTime.START;
    private Members members;
    private Sessions sessions;

    /** What a command came to, and the digest of it that is the same wherever it is folded alike. */
    private record CarriedOut(Reply reply, long digest) {}

    /** The initial state, at index 0. */
    Folded(Blueprint<S> blueprint, Members base) {
        this.group = blueprint.group();
        this.machine = blueprint.machine();
        this.codec = blueprint.codec();
        this.bounds = blueprint.settings().sessions();
        this.chain = new OutcomeChain(blueprint.shape(), blueprint.settings().epochEntries());
        this.history = new History(blueprint.settings().watchBytes());
        this.state = machine.initial();
        this.members = base;
        this.sessions = new Sessions(bounds);
    }

    /** Becomes what a snapshot holds. */
    void restore(Image<?> image) {
        state = stateOf(image);
        applied = image.last();
        time = image.time();
        members = image.members();
        chain.restore(image.shape(), image.chain());
        history.restart(applied.index());
        sessions = new Sessions(bounds, image.sessions(), image.time().elapsedMillis());
    }

    @SuppressWarnings("unchecked") // a snapshot is installed only in the group by which it was taken, so S is S
    private S stateOf(Image<?> image) {
        return (S) image.state();
    }

    Image<S> image() {
        return new Image<>(applied, members, time, chain.shape(), chain.value(), sessions.table(), state);
    }

    S state() {
        return state;
    }

    EntryId applied() {
        return applied;
    }

    LogTime time() {
        return time;
    }

    Members members() {
        return members;
    }

    long chain() {
        return chain.value();
    }

    /** What members compare, or null while the chain was not made under this node's shape alone. */
    @Nullable
    OutcomeHash hash() {
        return chain.shape() == OutcomeChain.MIXED
                ? null
                : new OutcomeHash(applied.index(), chain.shape(), chain.value());
    }

    Sessions sessions() {
        return sessions;
    }

    History history() {
        return history;
    }

    /**
     * Folds the next entry.
     *
     * @param answers who is told, or null if another node tells them
     * @throws FoldFailed if it cannot be folded; the replica must stop then
     */
    void fold(Entry entry, @Nullable Answers answers) {
        LogTime now = time.at(entry.timeMillis());
        sessions.at(now);
        if (entry.payload() instanceof Payload.Proposed proposed) {
            propose(entry.id(), now, proposed, answers);
        } else if (entry.payload() instanceof Payload.OpenSession asked) {
            open(entry.id(), now, asked, answers);
        } else if (entry.payload() instanceof Payload.MembersSet set) {
            members = set.members();
            chain.add(entry.id(), now, Kind.MEMBERS, 0);
        } else {
            chain.add(entry.id(), now, Kind.NO_OP, 0);
        }
        time = now;
        applied = entry.id();
    }

    private void open(EntryId id, LogTime now, Payload.OpenSession asked, @Nullable Answers answers) {
        Sessions.Gateway gateway = new Sessions.Gateway(asked.life(), asked.node());
        long session = sessions.open(id.index(), gateway);
        chain.add(id, now, Kind.OPENED, session);
        if (answers != null) {
            answers.opened(gateway, session);
        }
    }

    private void propose(EntryId id, LogTime now, Payload.Proposed proposed, @Nullable Answers answers) {
        Outcome outcome = sessions.answered(proposed);
        if (outcome == null) {
            CarriedOut carriedOut = carryOut(id, now, proposed, answers);
            outcome = new Outcome(proposed.serial(), id.index(), carriedOut.reply());
            sessions.remember(proposed.session(), outcome);
            chain.add(id, now, Kind.carriedOut(outcome.reply()), carriedOut.digest());
        } else {
            chain.add(id, now, Kind.answered(outcome.reply()), 0);
        }
        Sessions.Gateway gateway = sessions.gateway(proposed.session());
        if (answers != null && gateway != null) {
            answers.outcome(gateway, proposed.session(), outcome);
        }
    }

    private CarriedOut carryOut(EntryId id, LogTime now, Payload.Proposed proposed, @Nullable Answers answers) {
        Meta meta = now.meta(id.index(), id.term());
        Command<?> command = decode(proposed, meta);
        String name = command.getClass().getName();
        Applied<S, ?> result;
        try {
            result = machine.apply(state, command, meta);
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError thrown) {
            throw new FoldFailed(group, meta.index(), name, "could not be folded", thrown);
        }
        state = result.state();
        CarriedOut carriedOut = outcome(result, name, meta, answers);
        history.add(id, now, command, proposed.command().size(), result.reply(), carriedOut.reply());
        return carriedOut;
    }

    private CarriedOut outcome(Applied<S, ?> result, String name, Meta meta, @Nullable Answers answers) {
        if (result.reason() != null) {
            return withoutDigest(ReplyRule.declined(result.reason()));
        }
        try {
            return encoded(Objects.requireNonNull(result.reply()), name);
        } catch (RuntimeException | StackOverflowError | LinkageError thrown) {
            if (answers != null) {
                answers.lost(meta.index(), name, thrown);
            }
            return withoutDigest(ReplyRule.unencodable(name));
        }
    }

    private CarriedOut encoded(Object value, String command) {
        Encoded encoded = codec.encode(value);
        Reply reply = ReplyRule.replied(encoded, command);
        return reply instanceof Reply.Unencodable tooLarge
                ? withoutDigest(tooLarge)
                : new CarriedOut(reply, chain.digest(encoded.manifest(), codec.canonical(value, encoded)));
    }

    /** Words are for people, and may change from version to version: that it was said is compared, and not how. */
    private static CarriedOut withoutDigest(Reply reply) {
        return new CarriedOut(reply, 0);
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
