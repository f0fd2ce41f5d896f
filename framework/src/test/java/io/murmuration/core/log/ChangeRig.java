package io.murmuration.core.log;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc.Ruled;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Payload.MembersSet;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Ruling;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The Log of l, whose disk is quick and whose clock the test moves. The other nodes answer when the test says so. */
final class ChangeRig {
    static final Peer L = Logs.peer("l");
    static final long T = Logs.T.toNanos();

    final ReplicatedLog log;
    final List<Effect> effects = new ArrayList<>();
    long now;
    private long orders;
    private final Map<String, Long> sequences = new HashMap<>();

    private ChangeRig(LogSettings settings, Members members, List<Entry> recovered) {
        Recovered read = new Recovered(L.incarnation(), Logs.LIFE, Ballot.NONE, EntryId.NONE, members, recovered);
        log = new ReplicatedLog(L, settings, read);
        log.machineReady(0);
    }

    /** Leads term 5, and has not committed anything in it yet. */
    static ChangeRig fresh(LogSettings settings, Members members, List<Entry> recovered) {
        ChangeRig rig = new ChangeRig(settings, members, recovered);
        rig.perform(rig.log.fence(5, 1, 0));
        rig.perform(rig.log.lead(5, rig.moment()));
        return rig;
    }

    /** Leads term 5, and all of these have answered. */
    static ChangeRig leading(Members members) {
        return leading(Logs.settings(), members);
    }

    static ChangeRig leading(LogSettings settings, Members members) {
        ChangeRig rig = fresh(settings, members, List.of());
        rig.acks(members.voters().stream().map(Peer::node).toArray(String[]::new));
        rig.effects.clear();
        return rig;
    }

    /** An entry that a predecessor left. */
    static List<Entry> left(Members members) {
        return List.of(new Entry(Logs.id(1, 4), 0, new MembersSet(members)));
    }

    Moment moment() {
        return new Moment(now, 1_000 + now / 1_000_000);
    }

    void perform(List<Effect> first) {
        ArrayDeque<Effect> open = new ArrayDeque<>(first);
        while (!open.isEmpty()) {
            Effect next = open.remove();
            effects.add(next);
            if (next instanceof Effect.Write write) {
                open.addAll(log.written(write.sequence(), now));
            } else if (next instanceof Effect.Send send && send.message() instanceof AppendEntries append) {
                sequences.put(send.node(), append.sequence());
            }
        }
    }

    /**
     * An order that is still wanted when the leader asks; returns what it was answered, the latest if there is more
     * than one answer.
     */
    Ruling orders(Order order) {
        return repeats(++orders, order);
    }

    Ruling repeats(long id, Order order) {
        int before = rulings().size();
        perform(Logs.ordered(log, id, order, moment()));
        List<Ruling> all = rulings();
        if (all.size() == before) {
            throw new AssertionError("The order was not answered.");
        }
        return all.get(all.size() - 1);
    }

    List<Ruling> rulings() {
        return Logs.answers(effects).stream()
                .filter(Ruled.class::isInstance)
                .map(answer -> ((Ruled) answer).ruling())
                .toList();
    }

    void met(Peer peer) {
        perform(log.members().met(peer, moment()));
    }

    /** These hold the whole log now. */
    void acks(String... nodes) {
        for (String node : nodes) {
            ack(Logs.peer(node));
        }
    }

    void ack(Peer peer) {
        if (!peer.equals(L)) {
            long sequence = sequences.getOrDefault(peer.node(), 0L);
            perform(log.receive(peer, new Matched(5, sequence, log.last().index()), now));
        }
    }

    /** Time passes, and the Log is woken whenever it asked for it. */
    void passes(Duration time) {
        passes(time, () -> {});
    }

    /** And each T / 4 something else happens. */
    void passes(Duration time, Runnable meanwhile) {
        long end = now + time.toNanos();
        long nextAt = now;
        for (int step = 0; now < end && step < 100_000; step++) {
            now = Math.min(end, Math.min(nextAt, Math.max(now + 1, log.wakeAt())));
            perform(log.wake(now));
            if (now >= nextAt) {
                nextAt = now + T / 4;
                meanwhile.run();
            }
        }
    }

    /** To whom anything was sent since the effects were last cleared. */
    Set<String> spokenTo() {
        Set<String> nodes = new TreeSet<>();
        Logs.all(effects, Effect.Send.class).forEach(send -> nodes.add(send.node()));
        return nodes;
    }

    /** What each entry about members has set, in order, whatever was ordered. */
    List<Members> history() {
        List<Members> history = new ArrayList<>();
        for (long index = 1; index <= log.last().index(); index++) {
            if (log.entry(index).payload() instanceof MembersSet set) {
                history.add(set.members().bare());
            }
        }
        return history;
    }

    Members inForce() {
        return log.members().inForce().bare();
    }
}
