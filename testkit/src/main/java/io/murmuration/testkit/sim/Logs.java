package io.murmuration.testkit.sim;

import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Checks the logs against each other and against the disks below them. Mutable. It keeps for each node what its disk
 * would say after a power failure, and what the group has committed so far, as soon as any node knows it.
 */
final class Logs {
    private final SimGroup group;
    private final Elections elections;
    private final Configurations configurations;
    private final Map<EntryId, Made> made = new HashMap<>();
    private final List<EntryId> committed = new ArrayList<>();
    /** By voter: a lost disk is another one than that which took its place, and what it held was written. */
    private final Map<Peer, List<EntryId>> disks = new HashMap<>();
    /** By committed index: by whom it was seen to be on enough disks. */
    private final TreeMap<Long, Members> safe = new TreeMap<>();

    private final boolean[] founded;
    private StoreRecord.@Nullable Founded first;
    private final Position[] positions;

    /** An entry as it was first written anywhere. */
    private record Made(Entry entry, EntryId previous) {}

    /** Where a node's replica stood after its last step, in one life of it. */
    private static final class Position {
        private @Nullable ReplicatedLog life;
        private long commit;
        private long applied;
        /** Where the Machine began. */
        private long begin;

        private long leadsTo;
        /** The highest term that this node's Log has said, in all of its lives. */
        private long said;
    }

    Logs(SimGroup group, Elections elections, Configurations configurations) {
        this.group = group;
        this.elections = elections;
        this.configurations = configurations;
        int nodes = group.names().size();
        this.founded = new boolean[nodes];
        this.positions = new Position[nodes];
        for (int node = 0; node < nodes; node++) {
            positions[node] = new Position();
        }
    }

    /** Whether the disks of all founders know the group. */
    boolean founded() {
        for (String founder : group.founders()) {
            if (!founded[group.names().indexOf(founder)]) {
                return false;
            }
        }
        return true;
    }

    /** The highest index that any node knows to be committed. */
    long committed() {
        return committed.size();
    }

    // ---- what is written

    void writes(SimNode node, StoreRecord record) {
        if (record instanceof EntriesAppended appended) {
            appends(node, appended);
        } else if (record instanceof StoreRecord.PrefixDropped dropped) {
            requireSnapshot(node, dropped.base().last());
            requireFounders(node, dropped.base());
        } else if (record instanceof StoreRecord.SnapshotInstalled installed) {
            requireSnapshot(node, installed.base().last());
            requireFounders(node, installed.base());
            positions[node.number()].leadsTo = 0;
        }
    }

    /** What goes from the log must be in a durable snapshot, and committed. */
    private void requireSnapshot(SimNode node, EntryId base) {
        if (!base.equals(at(base.index()))) {
            throw Invariant.SNAPSHOT_FIRST.violatedBy(
                    node.name() + " rests its log on " + base + ", but committed there is " + at(base.index()) + ".");
        }
        if (node.disk().saved() < base.index()) {
            throw Invariant.SNAPSHOT_FIRST.violatedBy(node.name() + " rests its log on " + base
                    + ", but its newest snapshot ended at " + node.disk().saved() + ".");
        }
    }

    /** What is compacted takes nothing of the founding with it. */
    private void requireFounders(SimNode node, StoreRecord.Base base) {
        if (first != null && !base.founded().equals(first.members())) {
            throw Invariant.FOUNDED_ONCE.violatedBy(node.name() + " keeps in its base at " + base.last()
                    + " that the group was founded with " + base.founded() + ", but a node " + Words.of(first) + ".");
        }
    }

    private @Nullable EntryId at(long index) {
        return index >= 1 && index <= committed.size() ? committed.get((int) index - 1) : null;
    }

    private static EntryId idOf(ReplicatedLog log, long index) {
        return index == log.base().index() ? log.base() : log.entry(index).id();
    }

    private void appends(SimNode node, EntriesAppended appended) {
        ReplicatedLog log = log(node);
        long first = appended.first().index();
        Position position = positions[node.number()];
        if (log.leading() && first <= position.leadsTo) {
            throw Invariant.LEADER_APPEND_ONLY.violatedBy(node.name() + " leads term " + log.fence()
                    + " with a log that reached to " + position.leadsTo + ", and writes " + Words.of(appended.entries())
                    + ".");
        }
        EntryId previous = idOf(log, first - 1);
        for (Entry entry : appended.entries()) {
            written(node, entry, previous);
            previous = entry.id();
        }
        position.leadsTo = log.leading() ? previous.index() : 0;
    }

    private void written(SimNode node, Entry entry, EntryId previous) {
        Made before = made.get(entry.id());
        if (before == null) {
            if (!node.name().equals(elections.leader(entry.term()))) {
                throw Invariant.ENTRIES_BY_LEADER.violatedBy(node.name() + " makes entry " + Words.of(entry)
                        + ", but term " + entry.term() + " was won by " + elections.leader(entry.term()) + ".");
            }
            made.put(entry.id(), new Made(entry, previous));
        } else if (!before.previous().equals(previous) || !before.entry().equals(entry)) {
            throw Invariant.LOG_MATCHING.violatedBy(node.name() + " writes " + Words.of(entry) + " behind " + previous
                    + ", but it was made as " + Words.of(before.entry()) + " behind " + before.previous() + ".");
        }
    }

    void durable(SimNode node, List<StoreRecord> records) {
        List<EntryId> disk = disk(node);
        for (StoreRecord record : records) {
            if (record instanceof EntriesAppended appended) {
                int kept = (int) appended.first().index() - 1;
                if (kept < disk.size()) {
                    disk.subList(kept, disk.size()).clear();
                }
                appended.entries().forEach(entry -> disk.add(entry.id()));
            } else if (record instanceof StoreRecord.SnapshotInstalled installed) {
                install(disk, installed);
            } else if (record instanceof StoreRecord.Founded found) {
                founded[node.number()] = true;
                requireOneGroup(node, found);
            }
        }
    }

    /** The snapshot stands for what is committed up to its end. */
    private void install(List<EntryId> disk, StoreRecord.SnapshotInstalled installed) {
        int base = (int) installed.base().last().index();
        EntryId kept = installed.kept();
        int end = kept == null ? base : (int) kept.index();
        List<EntryId> behind = kept == null ? List.of() : List.copyOf(disk.subList(base, end));
        disk.clear();
        disk.addAll(committed.subList(0, base));
        disk.addAll(behind);
    }

    private void requireOneGroup(SimNode node, StoreRecord.Founded found) {
        if (first == null) {
            configurations.founded(found.members());
        }
        StoreRecord.Founded known = first == null ? found : first;
        first = known;
        // Who is added later is told the members at the beginning of the log, by whomever it asks.
        if (!known.equals(found)) {
            throw Invariant.FOUNDED_ONCE.violatedBy(
                    node.name() + " writes " + Words.of(found) + ", but another node " + Words.of(known) + ".");
        }
    }

    /** What is of another group is none of this one's business. */
    void requireOwn(SimNode node, @Nullable UUID group, Object what) {
        if (group != null && first != null && !group.equals(first.group())) {
            throw Invariant.OWN_GROUP.violatedBy(
                    node.label() + " takes " + Words.of(what) + " for its own, which is of group " + group + ".");
        }
    }

    /** What the old disk held is still counted as written: whoever lost it does not vote any more. */
    void wiped(SimNode node) {
        positions[node.number()].life = null;
        positions[node.number()].said = 0;
    }

    void recovered(SimNode node, Recovered recovered) {
        List<EntryId> disk = disk(node);
        if (node.lost()) {
            return;
        }
        EntryId last = recovered.entries().isEmpty()
                ? recovered.base()
                : recovered.entries().get(recovered.entries().size() - 1).id();
        EntryId synced = disk.isEmpty() ? EntryId.NONE : disk.get(disk.size() - 1);
        if (!last.equals(synced)) {
            throw Invariant.NEVER_FORGETS.violatedBy(
                    "The disk of " + node.name() + " ends at " + synced + ", but its journal at " + last + ".");
        }
    }

    // ---- what is said

    void says(SimNode node, LogRpc message) {
        Position position = positions[node.number()];
        if (message.term() < position.said) {
            throw Invariant.TERM_NEVER_FALLS.violatedBy("The Log of " + node.name() + " says " + Words.of(message)
                    + " after it has spoken in term " + position.said + ".");
        }
        position.said = message.term();
        elections.requireDurable(node, message.term(), message);
        if (message instanceof LogRpc.Matched reply) {
            acknowledges(node, reply);
        }
    }

    private void acknowledges(SimNode node, LogRpc.Matched reply) {
        if (reply.term() < elections.fence(node)) {
            throw Invariant.FENCE.violatedBy(node.name() + " has voted in term " + elections.fence(node)
                    + ", and acknowledges " + Words.of(reply) + ".");
        }
        List<EntryId> disk = disk(node);
        boolean prefix = reply.matched() < log(node).base().index();
        EntryId meant = prefix ? at(reply.matched()) : idOf(log(node), reply.matched());
        boolean there = reply.matched() == 0
                || (disk.size() >= reply.matched()
                        && disk.get((int) reply.matched() - 1).equals(meant));
        if (!there) {
            throw Invariant.ACKNOWLEDGED_IS_DURABLE.violatedBy(node.name() + " says that its log matches up to " + meant
                    + ", but its disk ends at " + (disk.isEmpty() ? EntryId.NONE : disk.get(disk.size() - 1)) + ".");
        }
    }

    // ---- what is committed

    void leads(SimNode node, EntryId end) {
        ReplicatedLog log = log(node);
        positions[node.number()].leadsTo = end.index();
        if (committed.isEmpty()) {
            return;
        }
        EntryId last = committed.get(committed.size() - 1);
        boolean lacks = end.index() < last.index()
                || (last.index() >= log.base().index()
                        && !idOf(log, last.index()).equals(last));
        if (log.fence() > last.term() && lacks) {
            throw Invariant.LEADER_COMPLETENESS.violatedBy(node.name() + " leads term " + log.fence()
                    + " with a log that ended at " + end + " and lacks " + last + ", which is committed.");
        }
    }

    void committed(SimNode node, List<Entry> entries) {
        for (Entry entry : entries) {
            long index = entry.index();
            if (index <= committed.size()) {
                EntryId known = committed.get((int) index - 1);
                if (!known.equals(entry.id())) {
                    throw Invariant.STATE_MACHINE_SAFETY.violatedBy(
                            node.name() + " applies " + Words.of(entry) + ", where " + known + " is committed.");
                }
            } else if (index == committed.size() + 1) {
                committed.add(entry.id());
            } else {
                throw Invariant.STATE_MACHINE_SAFETY.violatedBy(node.name() + " applies " + Words.of(entry)
                        + ", while nobody has committed more than " + committed.size() + " entries.");
            }
        }
        requireDurable(entries.get(entries.size() - 1).index(), node.name() + " takes it for committed");
    }

    /**
     * What any node knows to be committed is on enough disks by the members that some node has in force; by these it
     * stays so, since a disk that is lost counts as written.
     */
    void requireDurable(long index, String why) {
        EntryId entry = at(index);
        // What makes an entry safe makes all before it safe, by whatever members that was.
        Map.Entry<Long, Members> counted = safe.ceilingEntry(index);
        if (counted != null && entry != null && onDisks(index, entry, counted.getValue())) {
            return;
        }
        for (Members members : configurations.known()) {
            if (entry != null && onDisks(index, entry, members)) {
                safe.put(index, members);
                return;
            }
        }
        throw Invariant.COMMITTED_IS_DURABLE.violatedBy("Index " + index + " (" + entry
                + ") is not on the disks of a majority by any members (" + configurations.known() + "), but " + why
                + ".");
    }

    /** A leader counts by the members that it has in force itself. */
    private void requireCounted(SimNode node, long index) {
        EntryId entry = idOf(log(node), index);
        if (configurations.countedBy(node).stream().noneMatch(members -> onDisks(index, entry, members))) {
            throw Invariant.COMMITTED_IS_DURABLE.violatedBy(node.name() + " commits " + entry
                    + ", which is not on the disks of a majority by " + configurations.countedBy(node) + ".");
        }
    }

    private boolean onDisks(long index, EntryId entry, Members members) {
        return Configurations.survives(members, peer -> {
            List<EntryId> disk = disks.get(peer);
            return disk != null
                    && disk.size() >= index
                    && disk.get((int) index - 1).equals(entry);
        });
    }

    /** Nobody writes without an incarnation. */
    private List<EntryId> disk(SimNode node) {
        Peer self = node.self();
        return self == null ? new ArrayList<>() : disks.computeIfAbsent(self, peer -> new ArrayList<>());
    }

    void stepped(SimNode node) {
        ReplicatedLog log = node.log();
        if (log == null) {
            return;
        }
        Position position = positions[node.number()];
        if (position.life != log) {
            position.life = log;
            position.commit = 0;
            position.applied = 0;
            position.begin = Objects.requireNonNull(node.machine()).applied().index();
        }
        if (log.commit() < position.commit) {
            throw Invariant.COMMIT_NEVER_FALLS.violatedBy(
                    node.name() + " falls from commit index " + position.commit + " to " + log.commit() + ".");
        }
        if (log.leading() && log.commit() > position.commit) {
            if (idOf(log, log.commit()).term() != log.fence()) {
                throw Invariant.COMMITS_OWN_TERM.violatedBy(node.name() + " leads term " + log.fence() + " and commits "
                        + idOf(log, log.commit()) + " by counting.");
            }
            requireCounted(node, log.commit());
        }
        long applied = Objects.requireNonNull(node.machine()).applied().index();
        // A Machine that begins with a snapshot is there before its Log has heard of it.
        if (applied < position.applied || applied > Math.max(log.commit(), position.begin)) {
            throw Invariant.APPLIED_NEVER_FALLS.violatedBy(node.name() + " has applied " + applied + " after "
                    + position.applied + ", and committed " + log.commit() + ".");
        }
        position.commit = log.commit();
        position.applied = applied;
    }

    private static ReplicatedLog log(SimNode node) {
        return Objects.requireNonNull(node.log(), "Nobody speaks whose replica does not run.");
    }
}
