package io.murmuration.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One node: its disk survives a crash, its Election and Log do not. */
final class ModelNode implements Effect.Port {
    final ElectionModel model;
    final Peer peer;
    private int commit;
    final List<Ballot> disk = new ArrayList<>();
    List<Long> logDisk = new ArrayList<>();
    ModelLog log = new ModelLog(List.of());
    Election election;
    boolean up;
    int life;
    long pausedUntil;
    long cutUntil;
    /** What it says is lost. */
    boolean mute;
    /** What is said to it is lost. */
    boolean deaf;
    /** Its Election hangs, while its node goes on. */
    boolean hung;

    private Vigil vigil = new Vigil(Rig.T.toNanos());
    private boolean watching;

    private long highestSeen;

    ModelNode(ElectionModel model, Peer peer) {
        this.model = model;
        this.peer = peer;
        this.election = newElection(Ballot.NONE);
        boot();
    }

    View view() {
        return election.view(model.now);
    }

    private Election newElection(Ballot ballot) {
        return new Election(peer, model.settings, ballot, model.random.split());
    }

    void boot() {
        up = true;
        life++;
        Ballot durable = disk.isEmpty() ? Ballot.NONE : disk.get(disk.size() - 1);
        highestSeen = durable.term();
        log = new ModelLog(logDisk);
        commit = 0;
        election = newElection(durable);
        vigil = new Vigil(Rig.T.toNanos());
        watching = false;
        perform(election.start(model.now));
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
        if (pausedUntil > model.now) {
            model.lane(peer.node() + " pause " + life, pausedUntil - model.now, () -> {
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
        model.lane(peer.node() + " " + lane + " " + life, model.delay(most), () -> {
            if (up && life == meant) {
                whenAwake(action);
            }
        });
    }

    private void receives(Peer from, ElectionRpc message) {
        if (!hung) {
            perform(election.received(from, message, model.now));
        }
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
        model.schedule(Math.max(ElectionModel.MILLI / 10, wakeAt - model.now), () -> {
            if (up && life == meant && !hung && election.wakeAt() == wakeAt) {
                whenAwake(() -> perform(election.wake(model.now)));
            }
        });
    }

    private boolean durably(long term, @Nullable Peer votedFor) {
        return disk.contains(new Ballot(term, votedFor));
    }

    @Override
    public void send(String node, ElectionRpc message) {
        if (message instanceof ElectionRpc.VoteReply reply && reply.granted()) {
            assertThat(durably(reply.term(), Rig.peer(node)))
                    .as("vote of %s durable before %s", peer, message)
                    .isTrue();
        } else if (message instanceof ElectionRpc.RequestVote request) {
            assertThat(durably(request.term(), peer))
                    .as("own vote of %s durable before %s", peer, message)
                    .isTrue();
        }
        long told = message instanceof ElectionRpc.PreVote ? message.term() - 1 : message.term();
        assertThat(told == 0 || disk.stream().anyMatch(ballot -> ballot.term() >= told))
                .as("term of %s durable before %s", peer, message)
                .isTrue();
        ModelNode target = model.nodes.stream()
                .filter(other -> other.peer.node().equals(node))
                .findFirst()
                .orElseThrow();
        model.said++;
        model.carry(this, node, () -> target.receives(peer, message));
    }

    @Override
    public void answer(String node, ClientRpc message) {
        if (message instanceof ClientRpc.ReadReady ready) {
            model.confirmedReads.add(ready.id());
            // Linearizable: what was committed when the read came is within the index that the asker will apply.
            assertThat(ready.index()).as("index of read %s", ready.id()).isGreaterThanOrEqualTo(ready.id());
        }
    }

    @Override
    public void persist(long sequence, Ballot ballot) {
        int meant = life;
        long slow = !model.kind && model.random.nextInt(10) == 0 ? model.delay(600) : model.delay(10);
        model.lane(peer.node() + " disk " + life, slow, () -> {
            // A write in flight when the process dies may or may not reach the disk.
            if (life == meant || (life == meant + 1 && !up && model.random.nextBoolean())) {
                Ballot before = disk.isEmpty() ? Ballot.NONE : disk.get(disk.size() - 1);
                boolean forward =
                        ballot.term() > before.term() || (ballot.term() == before.term() && before.votedFor() == null);
                assertThat(forward)
                        .as("%s after %s on the disk of %s", ballot, before, peer)
                        .isTrue();
                disk.add(ballot);
                local("store", 2, () -> perform(election.written(sequence, model.now)));
            }
        });
    }

    @Override
    public void fence(long term, long attempt) {
        assertThat(term == 0 || disk.get(disk.size() - 1).term() >= term)
                .as("F1 on %s", peer)
                .isTrue();
        local("to log", 20, () -> {
            // The position is taken when Log answers, not when the answer arrives; what it held back comes after.
            EntryId last = log.last();
            local(
                    "to election",
                    20,
                    () -> perform(
                            election.fenced(term, attempt, last, model.members, model.members.votes(peer), model.now)));
            follow(log.fence(term), term);
        });
    }

    private void follow(ModelLog.Outcome outcome, long term) {
        Long seen = outcome.termSeen();
        if (seen != null) {
            local("to election", 20, () -> perform(election.termSeen(seen, model.now)));
        }
        String leader = outcome.leaderHeard();
        Long index = outcome.acknowledged();
        if (leader != null && index != null) {
            local("to election", 20, () -> perform(election.leaderHeard(term, leader, model.now)));
            acknowledge(leader, term, index);
        }
    }

    private void acknowledge(String leader, long term, long index) {
        ModelNode target = model.nodes.stream()
                .filter(other -> other.peer.node().equals(leader))
                .findFirst()
                .orElseThrow();
        model.carry(this, leader, () -> target.acknowledged(peer.node(), term, (int) index));
    }

    private void acknowledged(String follower, long term, int index) {
        int commit = log.acknowledged(follower, term, index, model.nodes.size() / 2 + 1);
        committed(commit);
    }

    /** State machine safety and leader completeness: what is committed once never changes. */
    private void committed(int index) {
        for (int i = 0; i < index; i++) {
            if (i < model.committed.size()) {
                assertThat(log.terms.get(i))
                        .as("entry %s, committed before", i + 1)
                        .isEqualTo(model.committed.get(i));
            } else {
                model.committed.add(log.terms.get(i));
                model.committedIn.add(log.leading);
            }
        }
        commit = Math.max(commit, index);
    }

    /**
     * A read comes to a Log that believes it leads and has committed in its term. Its id is what the group has
     * committed.
     */
    void read() {
        if (!up || pausedUntil > model.now || log.leading < 0 || commit == 0) {
            return;
        }
        if (log.terms.get(commit - 1) == log.leading) {
            long came = model.committed.size();
            long term = log.leading;
            int index = commit;
            local(
                    "to election",
                    5,
                    () -> perform(election.confirmRead(peer.node(), Rig.LIFE, came, index, term, model.now)));
        }
    }

    @Override
    public void lead(long term) {
        String before = model.leaders.putIfAbsent(term, peer.node());
        assertThat(before).as("one leader in term %s", term).isNull();
        local("to log", 20, () -> {
            if (log.lead(term)) {
                // Leader completeness: a leader has what was committed in lower terms. It may have been paused since it
                // won,
                // while later leaders committed more.
                int lower =
                        (int) model.committedIn.stream().filter(in -> in < term).count();
                assertThat(log.terms.size()).as("leader completeness").isGreaterThan(lower);
                assertThat(log.terms.subList(0, lower))
                        .as("leader completeness")
                        .isEqualTo(model.committed.subList(0, lower));
                replicate();
            }
        });
    }

    /** A Log that believes it leads appends an entry. */
    void append() {
        if (up && pausedUntil <= model.now && log.leading >= 0) {
            log.terms.add(log.leading);
            replicate();
        }
    }

    private void replicate() {
        long term = log.leading;
        if (term < 0) {
            return;
        }
        ModelLog.Append message = new ModelLog.Append(peer.node(), term, List.copyOf(log.terms));
        for (ModelNode other : model.nodes) {
            if (other != this) {
                model.carry(this, other.peer.node(), () -> other.follow(other.log.append(message), term));
            }
        }
        if (model.nodes.size() == 1) {
            committed(log.terms.size());
        }
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
        assertThat(leader == null || model.leaders.get(term) == null || leader.equals(model.leaders.get(term)))
                .isTrue();
    }

    @Override
    public void askLogPulse() {
        local(
                "to log",
                20,
                () -> local(
                        "to election",
                        20,
                        () -> perform(election.logPulse(
                                log.last(),
                                log.last().index(),
                                log.last().index(),
                                log.last().index(),
                                model.now))));
    }

    @Override
    public void askMachinePulse() {
        local("to machine", 20, () -> perform(election.machinePulse(log.last().index(), model.now)));
    }

    @Override
    public void drain() {
        local("to election", 20, () -> perform(election.drained(model.now)));
    }

    @Override
    public void handOver(long term, HandOverStep step) {
        throw new AssertionError("Nobody hands over here: " + step);
    }

    @Override
    public void relieved() {
        throw new AssertionError("Nobody is stopped here.");
    }

    boolean dozes() {
        return up && !vigil.nodes().isEmpty();
    }

    @Override
    public void doze(List<String> nodes) {
        vigil.rely("group", nodes, model.now);
        watch();
    }

    private void watch() {
        if (watching || !dozes()) {
            return;
        }
        watching = true;
        int meant = life;
        model.schedule(Beats.BEAT.toNanos(), () -> {
            if (up && life == meant) {
                whenAwake(this::tick);
            }
        });
    }

    private void tick() {
        Peer self = new Peer(peer.node(), new UUID(1, life));
        for (ModelNode other : model.nodes) {
            if (vigil.nodes().contains(other.peer.node())) {
                model.carry(this, other.peer.node(), () -> other.tell(other.vigil.heard(self, model.now)));
            }
        }
        local("to vigil", 2, () -> {
            tell(vigil.look(model.now));
            watching = false;
            watch();
        });
    }

    private void tell(List<Vigil.Silent> silent) {
        silent.forEach(told -> local("to election", 20, () -> {
            if (!hung) {
                perform(election.silent(told.node(), told.since(), model.now));
            }
        }));
    }

    @Override
    public void warn(String what) {
        throw new AssertionError(what);
    }

    @Override
    public void became(Role role, long term, String why) {
        assertThat(why).isNotBlank();
    }
}
