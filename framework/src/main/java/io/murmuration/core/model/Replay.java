package io.murmuration.core.model;

import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.core.model.StoreRecord.Founded;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.Prepared;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a replica's journal, record by record in its order, into what the replica knew; mutable (protocol, Store 2 and
 * 3). A journal whose records do not fit together is damaged, and is refused: nothing is guessed, nothing is cut away.
 */
public final class Replay {
    private @Nullable UUID incarnation;
    private @Nullable UUID group;
    private Ballot ballot = Ballot.NONE;
    private EntryId base = EntryId.NONE;
    private Members founders = Members.NONE;
    private Members baseMembers = Members.NONE;
    /** Without a gap in itself, but perhaps with one in front: see {@link #floats}. */
    private final List<Entry> entries = new ArrayList<>();
    /** Entries up to here were kept behind a snapshot and are not in the journal: a later base must include them. */
    private long owed;

    /**
     * The next record of the journal.
     *
     * @param record the record
     * @throws InvariantViolation if it does not fit to those before it
     */
    public void add(StoreRecord record) {
        if (record instanceof EntriesAppended appended) {
            append(appended.entries());
        } else if (record instanceof BallotCast cast) {
            ballot = ballot.laterOf(cast.ballot());
        } else if (record instanceof Prepared prepared) {
            incarnation = same("incarnation", incarnation, prepared.incarnation());
        } else if (record instanceof Founded founded) {
            group = same("group", group, founded.group());
            founders = founded.members();
            baseMembers = base.equals(EntryId.NONE) ? founded.members() : baseMembers;
        } else if (record instanceof PrefixDropped dropped) {
            rebase(dropped.base());
            dropPrefix();
        } else if (record instanceof SnapshotInstalled installed) {
            rebase(installed.base());
            keep(installed.kept());
        }
    }

    /**
     * What the journal says, now that it has been read to its end.
     *
     * @return what the replica starts from
     * @throws InvariantViolation if the beginning of the log is missing, or a ballot that must have been there
     */
    public Recovered result() {
        require(
                entries.isEmpty() || first() == base.index() + 1,
                () -> "The journal begins at index " + first()
                        + ", but nothing says what came before: records are missing.");
        require(
                owed <= base.index(),
                () -> "The journal kept entries up to " + owed + " behind a snapshot, but does not hold what follows "
                        + base + ": records are missing.");
        EntryId end = end();
        // F1: the ballot of a term is durable before anything of that term is.
        require(
                end.term() <= ballot.term(),
                () -> "The journal ends at " + end + ", but holds no ballot above term " + ballot.term()
                        + ": records are missing.");
        return new Recovered(incarnation, group, ballot, base, founders, baseMembers, entries);
    }

    /** "The log from the first of these entries on is exactly these entries": truncation is a fact in the journal. */
    private void append(List<Entry> appended) {
        long from = appended.get(0).index();
        require(
                from > base.index(),
                () -> "The journal replaces index " + from + ", which lies in the prefix that ends at " + base + ".");
        boolean floats = floats() && (entries.isEmpty() || from <= first());
        require(
                floats || from <= end().index() + 1,
                () -> "The journal goes on at index " + from + " after " + end() + ": entries are missing.");
        owed = Math.min(owed, from - 1);
        if (!entries.isEmpty()) {
            entries.subList((int) Math.max(0, from - first()), entries.size()).clear();
        }
        for (Entry entry : appended) {
            EntryId previous = end();
            boolean begins = floats && entries.isEmpty();
            if ((!begins && entry.index() != previous.index() + 1) || entry.term() < previous.term()) {
                throw new InvariantViolation("The journal holds entry " + entry.id() + " behind " + previous + ".");
            }
            entries.add(entry);
        }
    }

    private void rebase(Base next) {
        require(
                next.last().index() >= base.index(),
                () -> "The base of the journal falls from " + base + " to " + next.last() + ".");
        incarnation = same("incarnation", incarnation, next.incarnation());
        group = same("group", group, next.group());
        ballot = ballot.laterOf(next.ballot());
        base = next.last();
        founders = next.founded();
        baseMembers = next.members();
    }

    private void dropPrefix() {
        if (entries.isEmpty() || floats()) {
            return;
        }
        require(
                end().index() >= base.index(),
                () -> "The journal drops the prefix up to " + base + ", but its entries reach from " + first() + " to "
                        + end() + ".");
        int dropped = (int) (base.index() + 1 - first());
        require(
                dropped == 0 || entries.get(dropped - 1).id().equals(base),
                () -> "The journal drops the prefix up to " + base + ", but holds another entry there.");
        entries.subList(0, dropped).clear();
    }

    /**
     * What was kept behind a snapshot was decided when it was installed; replay obeys and decides nothing anew [A2].
     */
    private void keep(@Nullable EntryId kept) {
        if (kept == null) {
            entries.clear();
            return;
        }
        require(
                kept.index() > base.index(),
                () -> "The journal keeps entries up to " + kept + " behind a snapshot at " + base + ".");
        if (entries.isEmpty() || first() > kept.index() || end().index() < kept.index()) {
            entries.clear();
            owed = kept.index();
            return;
        }
        int end = (int) (kept.index() + 1 - first());
        EntryId held = entries.get(end - 1).id();
        require(
                held.equals(kept),
                () -> "The journal keeps " + kept + " behind a snapshot, but holds " + held + " there.");
        entries.subList(end, entries.size()).clear();
        entries.subList(0, (int) Math.max(0, base.index() + 1 - first())).clear();
    }

    /**
     * What stood between the base and the entries was deleted, since a later base made it needless: the journal must
     * hold that one too.
     */
    private boolean floats() {
        return entries.isEmpty() || first() > base.index() + 1;
    }

    private long first() {
        return entries.get(0).index();
    }

    private EntryId end() {
        return entries.isEmpty() ? base : entries.get(entries.size() - 1).id();
    }

    private static UUID same(String what, @Nullable UUID known, UUID told) {
        require(
                known == null || known.equals(told),
                () -> "The journal speaks of the " + what + " " + told + ", and before that of " + known
                        + ": two journals are mixed.");
        return told;
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new InvariantViolation(otherwise.get());
        }
    }
}
