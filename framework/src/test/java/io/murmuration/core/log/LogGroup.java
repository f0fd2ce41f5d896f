package io.murmuration.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Several Logs, a network that delivers only what it is told to, disks that keep only what was synced, and an oracle in
 * place of Election. What must hold is checked after every step (figure 3).
 */
public final class LogGroup {
    /** What is under way. */
    public record Packet(Peer from, String to, LogRpc message) {}

    /** The committed log, as the first node that committed an index knew it. */
    public final List<Entry> committed = new ArrayList<>();
    /** Serials that a Gateway was told are surely not applied. */
    public final Set<Long> surelyRefused = new LinkedHashSet<>();
    /** What is under way. */
    public final List<Packet> network = new ArrayList<>();

    public final Map<String, Node> nodes = new TreeMap<>();
    private final Members members;
    private final Set<Long> committedSerials = new LinkedHashSet<>();
    public long now;

    public LogGroup(String... names) {
        members = Logs.members(names);
        for (String name : names) {
            nodes.put(name, new Node(Logs.peer(name)));
        }
    }

    /** One node: a Log, its disk, its Machine. */
    public final class Node implements Port {
        public final Peer peer;
        public final ArrayDeque<Effect.Write> unsynced = new ArrayDeque<>();
        public List<Entry> disk = new ArrayList<>();
        public ReplicatedLog log;
        /** The ballot's term, durable. */
        public long term;

        public long termSeen;
        public long fed;
        public long applied;
        public boolean flushAsked;
        private long checked;
        private EntryId ledLast = EntryId.NONE;
        private Effect.Fenced fenced = new Effect.Fenced(0, 0, EntryId.NONE, Members.NONE, false);

        Node(Peer peer) {
            this.peer = peer;
            this.log = open();
        }

        private ReplicatedLog open() {
            ReplicatedLog opened = new ReplicatedLog(
                    peer,
                    Logs.settings(),
                    new Recovered(peer.incarnation(), Logs.LIFE, Ballot.NONE, EntryId.NONE, members, disk));
            fed = 0;
            applied = 0;
            checked = 0;
            flushAsked = false;
            ledLast = EntryId.NONE;
            assertThat(opened.machineReady(0)).isEmpty();
            return opened;
        }

        /** Loses what was not synced, forgets everything else but the disk and the ballot, and starts closed. */
        public void crash() {
            unsynced.clear();
            log = open();
        }

        /** Starts with a log on disk. */
        public void recover(List<Entry> entries) {
            disk = new ArrayList<>(entries);
            crash();
        }

        public Effect.Fenced fence(long to) {
            term = Math.max(term, to);
            perform(log.fence(to, 1, now));
            return fenced;
        }

        public void lead(long which) {
            perform(log.lead(which, new Moment(now, now / 1_000_000)));
        }

        public void propose(long... serials) {
            perform(log.propose(Logs.GATEWAY, Logs.propose(serials[0], 8, serials), new Moment(now, now)));
        }

        public void flush() {
            flushAsked = false;
            perform(log.flush(now));
        }

        /** One write becomes durable, and its owner is told. */
        public void sync() {
            Effect.Write write = unsynced.remove();
            persist(write);
            perform(log.written(write.sequence(), now));
        }

        /** One write becomes durable, but the node crashes before it is told. */
        public void persistSilently() {
            persist(unsynced.remove());
        }

        private void persist(Effect.Write write) {
            int keep = (int) write.appended().first().index() - 1;
            assertThat(keep).isLessThanOrEqualTo(disk.size());
            disk.subList(keep, disk.size()).clear();
            disk.addAll(write.appended().entries());
        }

        public void syncAll() {
            while (!unsynced.isEmpty()) {
                sync();
            }
        }

        public void apply() {
            applied = fed;
            perform(log.applied(applied));
        }

        public void wakeIfDue() {
            if (Deadline.due(log.wakeAt(), now)) {
                perform(log.wake(now));
            }
        }

        public void receive(Packet packet) {
            perform(log.receive(packet.from(), packet.message(), now));
        }

        private void perform(List<Effect> effects) {
            effects.forEach(effect -> effect.to(this));
            check(this);
        }

        @Override
        public void send(Effect.Send effect) {
            if (effect.message() instanceof LogRpc.AppendEntries append) {
                assertThat(log.leading() && append.term() == log.fence()).isTrue();
                long before = append.previous().index();
                EntryId expected =
                        before == 0 ? EntryId.NONE : log.entry(before).id();
                assertThat(append.previous()).as("previous on every message").isEqualTo(expected);
            }
            network.add(new Packet(peer, effect.node(), effect.message()));
        }

        @Override
        public void answer(Effect.Answer effect) {
            if (effect.message() instanceof ClientRpc.Refused refused && refused.surely()) {
                assertThat(committedSerials).as("surely not applied").doesNotContainAnyElementsOf(refused.serials());
                surelyRefused.addAll(refused.serials());
            }
        }

        @Override
        public void write(Effect.Write effect) {
            unsynced.add(effect);
        }

        @Override
        public void fenced(Effect.Fenced effect) {
            fenced = effect;
        }

        @Override
        public void termSeen(Effect.TermSeen effect) {
            termSeen = Math.max(termSeen, effect.term());
        }

        @Override
        public void leaderHeard(Effect.LeaderHeard effect) {
            assertThat(effect.term()).isEqualTo(log.fence());
        }

        @Override
        public void membersChanged(Effect.MembersChanged effect) {}

        @Override
        public void steppedDown(Effect.SteppedDown effect) {}

        @Override
        public void identify(Effect.Identify effect) {}

        @Override
        public void invite(Effect.Invite effect) {}

        @Override
        public void confirmRead(Effect.ConfirmRead effect) {}

        @Override
        public void logPulse(Effect.LogPulse effect) {}

        @Override
        public void handOver(Effect.HandOver effect) {}

        @Override
        public void committed(Effect.Committed effect) {
            for (Entry entry : effect.entries()) {
                assertThat(entry.index()).as("fed without a gap").isEqualTo(++fed);
                assertThat(fed).isLessThanOrEqualTo(log.commit());
            }
        }

        @Override
        public void fetch(Effect.Fetch effect) {
            throw new AssertionError(effect);
        }

        @Override
        public void restore(Effect.Restore effect) {
            throw new AssertionError(effect);
        }

        @Override
        public void covered(Effect.Covered effect) {
            throw new AssertionError(effect);
        }

        @Override
        public void unneeded(Effect.Unneeded effect) {
            throw new AssertionError(effect);
        }

        @Override
        public void takeSnapshot() {
            throw new AssertionError("There is room.");
        }

        @Override
        public void flushSoon() {
            assertThat(flushAsked).as("one flush outstanding").isFalse();
            flushAsked = true;
        }

        @Override
        public void warn(Effect.Warn effect) {
            throw new AssertionError(effect.what());
        }
    }

    public Node node(String name) {
        return nodes.get(name);
    }

    /** Delivers all packets of a kind, and those that they cause. */
    public void deliver(Predicate<Packet> which) {
        for (int steps = 0; steps < 100_000; steps++) {
            Packet next = network.stream().filter(which).findFirst().orElse(null);
            if (next == null) {
                return;
            }
            network.remove(next);
            node(next.to()).receive(next);
        }
        throw new AssertionError("The group does not come to rest.");
    }

    /** Delivers all packets, and those that they cause. */
    public void deliverAll() {
        deliver(packet -> true);
    }

    /** Whether the candidate wins the term with the votes of itself and these, who are all fenced at it. */
    public boolean elect(long term, String candidate, String... voters) {
        EntryId last = node(candidate).fence(term).last();
        int votes = 1;
        for (String voter : voters) {
            Effect.Fenced fenced = node(voter).fence(term);
            votes += fenced.term() == term && last.atLeastAsUpToDateAs(fenced.last()) ? 1 : 0;
        }
        boolean won = votes > nodes.size() / 2;
        if (won) {
            node(candidate).lead(term);
        }
        return won;
    }

    private void check(Node node) {
        ReplicatedLog log = node.log;
        for (long index = node.checked + 1; index <= log.commit(); index++) {
            Entry entry = log.entry(index);
            if (index > committed.size()) {
                assertThat(holders(entry))
                        .as("durable holders of %s when committed", entry.id())
                        .isGreaterThan(nodes.size() / 2);
                committed.add(entry);
                if (entry.payload() instanceof Payload.Proposed proposed) {
                    assertThat(surelyRefused).as("surely not applied").doesNotContain(proposed.serial());
                    assertThat(committedSerials.add(proposed.serial()))
                            .as("a copy takes one place")
                            .isTrue();
                }
            }
            assertThat(entry).as("state machine safety").isEqualTo(committed.get((int) index - 1));
        }
        assertThat(log.commit()).as("commit never falls").isGreaterThanOrEqualTo(node.checked);
        node.checked = log.commit();
        assertThat(log.durable())
                .as("durable end")
                .isLessThanOrEqualTo(log.last().index());
        checkLeader(node);
    }

    private void checkLeader(Node node) {
        ReplicatedLog log = node.log;
        if (!log.leading()) {
            node.ledLast = EntryId.NONE;
            return;
        }
        assertThat(log.last().index()).as("leader append-only").isGreaterThanOrEqualTo(node.ledLast.index());
        if (node.ledLast.index() > 0) {
            assertThat(log.entry(node.ledLast.index()).id())
                    .as("leader append-only")
                    .isEqualTo(node.ledLast);
        }
        node.ledLast = log.last();
        log.matched().forEach((name, match) -> {
            Node other = node(name);
            if (match > 0 && other.term <= log.fence()) {
                assertThat(other.disk.size()).as("match of %s", name).isGreaterThanOrEqualTo(match.intValue());
                assertThat(other.disk.get(match.intValue() - 1)).isEqualTo(log.entry(match));
            }
        });
    }

    /**
     * "If two logs contain an entry with the same index and term, then the logs are identical in all entries up to it."
     */
    public void checkLogMatching() {
        for (Node one : nodes.values()) {
            for (Node other : nodes.values()) {
                boolean same = false;
                for (long index = Math.min(
                                one.log.last().index(), other.log.last().index());
                        index > 0;
                        index--) {
                    boolean here = one.log
                            .entry(index)
                            .id()
                            .equals(other.log.entry(index).id());
                    assertThat(here || !same).as("log matching at %s", index).isTrue();
                    same = here;
                }
            }
        }
    }

    private long holders(Entry entry) {
        return nodes.values().stream()
                .filter(node -> node.disk.size() >= entry.index()
                        && node.disk.get((int) entry.index() - 1).equals(entry))
                .count();
    }
}
