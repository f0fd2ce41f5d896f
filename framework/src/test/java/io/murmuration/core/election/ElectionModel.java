package io.murmuration.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * N Elections with a naive Log each, a network that loses, doubles and delays, disks that are slow, mailboxes between the actors of
 * a node that are slow too, pauses and crashes: all drawn from one seed, on a clock of its own. Checks the invariants of the
 * protocol page at every step.
 */
final class ElectionModel {
    private static final long MILLI = 1_000_000L;

    private record Event(long at, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final SplittableRandom random;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Long> lanes = new HashMap<>();
    private final Members members;
    private long now = 1_000 * MILLI;
    private long orders;
    private boolean kind;

    /** Who led each term, what is committed, and what is left to see at the end. */
    final TreeMap<Long, String> leaders = new TreeMap<>();

    final List<Long> committed = new ArrayList<>();
    final Set<Long> confirmedReads = new LinkedHashSet<>();

    ElectionModel(long seed, int size) {
        this.random = new SplittableRandom(seed);
        List<Peer> peers = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            peers.add(Rig.peer("n" + i));
        }
        this.members = Members.voting(peers);
        peers.forEach(peer -> nodes.add(new Node(peer)));
    }

    /** Trouble for a while: crashes, pauses and losses as drawn. */
    void trouble(long millis) {
        kind = false;
        for (long at = 0; at < millis; at += 20 + random.nextInt(150)) {
            Node node = nodes.get(random.nextInt(nodes.size()));
            schedule(at * MILLI, () -> misfortune(node));
        }
        run(millis);
    }

    /** Everyone is up, pauses run out, and every message arrives in good time. */
    void quiet(long millis) {
        kind = true;
        nodes.forEach(node -> {
            node.cutUntil = now;
            if (!node.up) {
                node.boot();
            }
        });
        run(millis);
    }

    private void misfortune(Node node) {
        int kindOf = random.nextInt(10);
        if (kindOf < 3) {
            node.crash();
            schedule(random.nextInt(1_500) * MILLI, () -> {
                if (!node.up) {
                    node.boot();
                }
            });
        } else if (kindOf < 5) {
            node.pausedUntil = Math.max(node.pausedUntil, now + random.nextInt(1_500) * MILLI);
        } else if (kindOf < 7) {
            node.cutUntil = now + random.nextInt(1_500) * MILLI;
        } else if (node.up && node.log.leading >= 0) {
            node.log.terms.add(node.log.leading);
            node.replicate();
        }
    }

    private void run(long millis) {
        long end = now + millis * MILLI;
        int steps = 0;
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event next = events.remove();
            now = next.at();
            next.action().run();
            assertThat(++steps).as("steps of one run").isLessThan(3_000_000);
        }
        now = end;
    }

    /** The node that leads by its own account with a majority that follows it, or null. */
    @Nullable String settledLeader() {
        for (Node node : nodes) {
            long following = nodes.stream()
                    .filter(other -> node.peer.node().equals(other.view().leader())
                            && other.view().term() == node.view().term())
                    .count();
            if (node.view().role() == Role.LEADER && following > nodes.size() / 2) {
                return node.peer.node();
            }
        }
        return null;
    }

    long highestTerm() {
        return nodes.stream().mapToLong(node -> node.view().term()).max().orElse(0);
    }

    private void schedule(long delay, Runnable action) {
        events.add(new Event(now + delay, orders++, action));
    }

    /** In order within a lane. */
    private void lane(String name, long delay, Runnable action) {
        long at = Math.max(now + delay, lanes.getOrDefault(name, 0L));
        lanes.put(name, at);
        events.add(new Event(at, orders++, action));
    }

    private long delay(int mostMillis) {
        return random.nextInt(mostMillis * 1_000) * (MILLI / 1_000);
    }

    /** Between nodes: may be lost, doubled, late, out of order. */
    private void carry(Node from, String to, Runnable action) {
        Node target = nodes.stream().filter(node -> node.peer.node().equals(to)).findFirst().orElseThrow();
        int copies = kind ? 1 : random.nextInt(100) < 8 ? 0 : random.nextInt(100) < 8 ? 2 : 1;
        if (from.cutUntil > now || target.cutUntil > now) {
            copies = 0;
        }
        for (int i = 0; i < copies; i++) {
            boolean late = !kind && random.nextInt(100) < 3;
            schedule(late ? delay(2_000) : delay(kind ? 2 : 15), () -> target.whenAwake(action));
        }
    }

    /** One node: its disk survives a crash, its Election and Log do not. */
    private final class Node implements Effect.Port {
        final Peer peer;
        final List<Ballot> disk = new ArrayList<>();
        List<Long> logDisk = new ArrayList<>();
        ModelLog log = new ModelLog(List.of());
        Election election;
        boolean up;
        int life;
        long pausedUntil;
        long cutUntil;
        private long highestSeen;

        Node(Peer peer) {
            this.peer = peer;
            this.election = newElection(Ballot.NONE);
            boot();
        }

        View view() {
            return election.view(now);
        }

        private Election newElection(Ballot ballot) {
            return new Election(peer, Rig.T, ballot, random.split());
        }

        void boot() {
            up = true;
            life++;
            Ballot durable = disk.isEmpty() ? Ballot.NONE : disk.get(disk.size() - 1);
            highestSeen = durable.term();
            log = new ModelLog(logDisk);
            election = newElection(durable);
            perform(election.start(now));
        }

        void crash() {
            if (up) {
                logDisk = new ArrayList<>(log.terms);
                up = false;
                life++;
            }
        }

        /** Runs when the process runs again; in the order of the mailbox. */
        void whenAwake(Runnable action) {
            int meant = life;
            if (!up) {
                return;
            }
            if (pausedUntil > now) {
                lane(peer.node() + " pause " + life, pausedUntil - now, () -> {
                    if (up && life == meant) {
                        action.run();
                    }
                });
                return;
            }
            action.run();
        }

        private void local(String lane, int most, Runnable action) {
            int meant = life;
            lane(peer.node() + " " + lane + " " + life, delay(most), () -> {
                if (up && life == meant) {
                    whenAwake(action);
                }
            });
        }

        private void perform(List<Effect> effects) {
            effects.forEach(effect -> effect.to(this));
            View view = view();
            assertThat(view.term()).as("term of %s never falls", peer).isGreaterThanOrEqualTo(highestSeen);
            highestSeen = view.term();
            long wakeAt = election.wakeAt();
            if (wakeAt == Long.MAX_VALUE) {
                return;
            }
            int meant = life;
            schedule(Math.max(MILLI / 10, wakeAt - now), () -> {
                if (up && life == meant && election.wakeAt() == wakeAt) {
                    whenAwake(() -> perform(election.wake(now)));
                }
            });
        }

        private boolean durably(long term, @Nullable Peer votedFor) {
            return disk.contains(new Ballot(term, votedFor));
        }

        @Override
        public void send(String node, ElectionRpc message) {
            if (message instanceof ElectionRpc.VoteReply reply && reply.granted()) {
                assertThat(durably(reply.term(), Rig.peer(node))).as("vote of %s durable before %s", peer, message).isTrue();
            } else if (message instanceof ElectionRpc.RequestVote request) {
                assertThat(durably(request.term(), peer)).as("own vote of %s durable before %s", peer, message).isTrue();
            }
            long told = message instanceof ElectionRpc.PreVote ? message.term() - 1 : message.term();
            assertThat(told == 0 || disk.stream().anyMatch(ballot -> ballot.term() >= told))
                    .as("term of %s durable before %s", peer, message)
                    .isTrue();
            Node target = nodes.stream().filter(other -> other.peer.node().equals(node)).findFirst().orElseThrow();
            carry(this, node, () -> target.perform(target.election.received(peer, message, now)));
        }

        @Override
        public void answer(String node, ClientRpc message) {
            if (message instanceof ClientRpc.ReadReady ready) {
                confirmedReads.add(ready.id());
                // Linearizable: what was committed when the read came is within the index that the asker will apply.
                assertThat(ready.index()).as("index of read %s", ready.id()).isGreaterThanOrEqualTo(ready.id());
            }
        }

        @Override
        public void persist(long sequence, Ballot ballot) {
            int meant = life;
            long slow = !kind && random.nextInt(10) == 0 ? delay(600) : delay(10);
            lane(peer.node() + " disk " + life, slow, () -> {
                // A write in flight when the process dies may or may not reach the disk.
                if (life == meant || (life == meant + 1 && !up && random.nextBoolean())) {
                    Ballot before = disk.isEmpty() ? Ballot.NONE : disk.get(disk.size() - 1);
                    boolean forward = ballot.term() > before.term()
                            || (ballot.term() == before.term() && before.votedFor() == null);
                    assertThat(forward).as("%s after %s on the disk of %s", ballot, before, peer).isTrue();
                    disk.add(ballot);
                    local("store", 2, () -> perform(election.written(sequence, now)));
                }
            });
        }

        @Override
        public void fence(long term, long attempt) {
            assertThat(term == 0 || disk.get(disk.size() - 1).term() >= term).as("F1 on %s", peer).isTrue();
            local("to log", 20, () -> {
                // The position is taken when Log answers, not when the answer arrives; what it held back comes after.
                EntryId last = log.last();
                local("to election", 20, () -> perform(election.fenced(term, attempt, last, members, now)));
                follow(log.fence(term), term);
            });
        }

        private void follow(ModelLog.Outcome outcome, long term) {
            Long seen = outcome.termSeen();
            if (seen != null) {
                local("to election", 20, () -> perform(election.termSeen(seen, now)));
            }
            String leader = outcome.leaderHeard();
            Long index = outcome.acknowledged();
            if (leader != null && index != null) {
                local("to election", 20, () -> perform(election.leaderHeard(term, leader, now)));
                acknowledge(leader, term, index);
            }
        }

        private void acknowledge(String leader, long term, long index) {
            Node target = nodes.stream().filter(other -> other.peer.node().equals(leader)).findFirst().orElseThrow();
            carry(this, leader, () -> target.acknowledged(peer.node(), term, (int) index));
        }

        private void acknowledged(String follower, long term, int index) {
            int commit = log.acknowledged(follower, term, index, nodes.size() / 2 + 1);
            committed(commit);
        }

        /** State machine safety and leader completeness: what is committed once never changes. */
        private void committed(int commit) {
            for (int i = 0; i < commit; i++) {
                if (i < committed.size()) {
                    assertThat(log.terms.get(i)).as("entry %s, committed before", i + 1).isEqualTo(committed.get(i));
                } else {
                    committed.add(log.terms.get(i));
                }
            }
            if (commit > 0 && random.nextInt(4) == 0) {
                read(commit);
            }
        }

        private void read(int commit) {
            long term = log.leading;
            long came = committed.size();
            local("to election", 5, () -> perform(
                    election.confirmRead(peer.node(), Rig.LIFE, came, commit, term, now)));
        }

        @Override
        public void lead(long term) {
            String before = leaders.putIfAbsent(term, peer.node());
            assertThat(before).as("one leader in term %s", term).isNull();
            local("to log", 20, () -> {
                if (log.lead(term)) {
                    assertThat(log.terms.size()).as("leader completeness").isGreaterThan(committed.size());
                    assertThat(log.terms.subList(0, committed.size())).as("leader completeness").isEqualTo(committed);
                    replicate();
                }
            });
        }

        void replicate() {
            long term = log.leading;
            if (term < 0) {
                return;
            }
            ModelLog.Append message = new ModelLog.Append(peer.node(), term, List.copyOf(log.terms));
            for (Node other : nodes) {
                if (other != this) {
                    carry(this, other.peer.node(), () -> other.follow(other.log.append(message), term));
                }
            }
            if (nodes.size() == 1) {
                committed(log.terms.size());
            }
            int meant = life;
            schedule(200 * MILLI, () -> {
                if (up && life == meant && log.leading == term) {
                    whenAwake(this::replicate);
                }
            });
        }

        @Override
        public void follow(long term, String leader) {
            local("to log", 20, () -> assertThat(log.fence).as("fence of %s", peer).isGreaterThanOrEqualTo(term));
        }

        @Override
        public void resign(long term) {
            local("to log", 20, () -> {
                if (log.leading == term) {
                    log.leading = -1;
                }
            });
        }

        @Override
        public void leaderIs(long term, @Nullable String leader) {
            assertThat(leader == null || leaders.get(term) == null || leader.equals(leaders.get(term))).isTrue();
        }

        @Override
        public void askLogPulse() {
            local("to log", 20, () -> local("to election", 20, () -> election.logPulse(log.last())));
        }

        @Override
        public void askMachinePulse() {
            local("to machine", 20, () -> election.machinePulse(0));
        }

        @Override
        public void drain() {
            local("to election", 20, () -> perform(election.drained(now)));
        }

        @Override
        public void became(Role role, long term, String why) {
            assertThat(why).isNotBlank();
        }
    }
}
