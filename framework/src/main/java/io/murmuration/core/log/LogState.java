package io.murmuration.core.log;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mutable, on the hot path. What follower and leader of one replica share: the log, how far it is durable and
 * committed, the members in force, and the effects that the current message has had so far. Every change of the log
 * goes through here.
 */
final class LogState {
    private final Peer self;
    private final LogSettings settings;
    private final LogTail tail;
    private final Durability durability;
    private final MembersRule members;
    private final Feed feed = new Feed();
    private final Prefix prefix;
    private final Members founded;
    private List<Effect> effects = new ArrayList<>();
    private long commit;
    private boolean leading;
    private boolean mayStand;
    private boolean wasMember;
    private int ways;

    LogState(Peer self, LogSettings settings, Recovered recovered) {
        this.self = self;
        this.settings = settings;
        this.tail = new LogTail(recovered.base(), recovered.entries(), settings.recentBytes());
        this.durability = new Durability(tail.last());
        this.members = new MembersRule(recovered.baseMembers(), recovered.base().index());
        this.members.appended(recovered.entries());
        this.founded = recovered.founded();
        this.commit = recovered.base().index();
        this.prefix = new Prefix(this, recovered.group());
        this.mayStand = standing();
        this.wasMember = mayStand || members.named(self);
    }

    Peer self() {
        return self;
    }

    LogSettings settings() {
        return settings;
    }

    LogTail tail() {
        return tail;
    }

    Durability durability() {
        return durability;
    }

    Prefix prefix() {
        return prefix;
    }

    /** The members at index 0, also when the log no longer begins there. */
    Members founded() {
        return founded;
    }

    Members membersAt(long index) {
        return members.at(index);
    }

    Members members() {
        return members.inForce();
    }

    /** The index of the entry that set the members in force, or of the base. */
    long membersIndex() {
        return members.latest().index();
    }

    /**
     * Whether this node may stand for election. A voter may; and so may one whom the members in force have removed,
     * until their entry is committed as far as is known here: it may be the only one left that holds them and can win.
     */
    boolean mayStand() {
        return mayStand;
    }

    /** Whether any members of this log have named this node. */
    boolean wasMember() {
        return wasMember;
    }

    /**
     * Where somebody may ask on whom this node cannot help, since it belongs to the group no more: one voter after the
     * other. Who was removed earlier still may know only of those who were removed later.
     */
    @Nullable
    String wayIn() {
        List<Peer> voters = members().voters();
        if (voters.isEmpty() || members().contains(self)) {
            return null;
        }
        ways = (ways + 1) % voters.size();
        return voters.get(ways).node();
    }

    long commit() {
        return commit;
    }

    /** Whether this node leads, for {@code Committed.answering}. */
    void leading(boolean now) {
        leading = now;
    }

    /** Says how far the log is, and that it is alive. */
    void pulse() {
        emit(new Effect.LogPulse(tail.last(), commit, durability.durable(), durability.answered()));
    }

    void emit(Effect effect) {
        effects.add(effect);
    }

    /** What the current message has had for effects, to be done in this order. */
    List<Effect> takeEffects() {
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    /** Appends entries and hands them to the Store as one write. The list must be immutable. */
    void append(List<Entry> entries, long now) {
        tail.append(entries);
        MembersRule.Since before = members.latest();
        members.appended(entries);
        tellMembers(before);
        long sequence = durability.begin(entries.get(0).index(), tail.lastIndex(), now);
        emit(new Effect.Write(sequence, new EntriesAppended(entries)));
    }

    /** Replaces the log from the first of these entries on, in one write. The list must be immutable. */
    void replace(List<Entry> entries, long now) {
        long from = entries.get(0).index();
        if (from <= commit) {
            throw new InvariantViolation(
                    "Nothing at or below the commit index " + commit + " is ever removed, but " + from + " was to be.");
        }
        tail.truncate(from);
        MembersRule.Since before = members.latest();
        members.truncated(from);
        tellMembers(before);
        append(entries, now);
    }

    /** Forgets the entries up to here, which are committed and in a durable snapshot. */
    void dropTo(long index) {
        tail.dropTo(index);
        members.dropTo(index);
    }

    /**
     * A snapshot stands for everything up to its last entry, which is committed; so are its predecessors.
     *
     * @return the sequence of the write that says so
     */
    long install(EntryId last, Members at, @Nullable EntryId kept, long now) {
        long sequence = durability.install(last.index(), kept == null ? commit : kept.index(), now);
        MembersRule.Since before = members.latest();
        if (kept == null) {
            tail.restart(last);
            members.truncated(last.index() + 1);
        } else {
            tail.dropTo(last.index());
        }
        members.restart(at, last.index());
        commit = last.index();
        feed.suspend();
        tellMembers(before);
        return sequence;
    }

    /** Raises the commit index and feeds the Machine. */
    void commitTo(long index) {
        if (index < commit || index > tail.lastIndex()) {
            throw new InvariantViolation(
                    "Commit " + index + " is below " + commit + " or behind the end " + tail.last() + " of the log.");
        }
        MembersRule.Since latest = members.latest();
        boolean settles = latest.index() > commit;
        commit = index;
        feedMachine();
        if (settles) {
            tellMembers(latest);
        }
    }

    void machineReady(long index) {
        if (prefix.outdated(index)) {
            return;
        }
        if (index < tail.base().index() || index > tail.lastIndex()) {
            throw new InvariantViolation("The Machine starts at " + index + ", but the log holds what follows "
                    + tail.base() + ", up to " + tail.last() + ".");
        }
        feed.machineReady(index);
        commitTo(Math.max(commit, index));
    }

    void applied(long index) {
        feed.applied(index);
        feedMachine();
    }

    /** Up to where the Machine is known to need no entry any more. */
    long applied() {
        return feed.applied();
    }

    private void feedMachine() {
        for (List<Entry> next = feed.next(tail, commit); !next.isEmpty(); next = feed.next(tail, commit)) {
            emit(new Effect.Committed(next, leading));
        }
    }

    private void tellMembers(MembersRule.Since before) {
        MembersRule.Since after = members.latest();
        boolean stood = mayStand;
        wasMember |= after.members().contains(self);
        mayStand = standing();
        if (!after.equals(before) || mayStand != stood) {
            emit(new Effect.MembersChanged(after.members(), after.index(), mayStand));
        }
    }

    private boolean standing() {
        return members.inForce().votes(self) || members.at(commit).votes(self);
    }
}
