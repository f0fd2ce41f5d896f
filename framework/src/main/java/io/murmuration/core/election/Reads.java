package io.murmuration.core.election;

import io.murmuration.core.model.ClientRpc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads that wait for a round of heartbeats (thesis 6.4). Mutable, bounded. Guarantees that a read is confirmed only by
 * a round that started after the read came; many reads share one round.
 */
final class Reads {
    /** How many reads wait at most; the Gateways bundle theirs, so this is many. */
    static final int WAITING_MAX = 10_000;

    private record Waiting(String asker, UUID life, long id, long index, long round) {}

    private Deque<Waiting> waiting = new ArrayDeque<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean isFull() {
        return waiting.size() >= WAITING_MAX;
    }

    /** A read came: it waits for this round, which has not started yet. */
    void add(String asker, UUID life, long id, long index, long round) {
        waiting.add(new Waiting(asker, life, id, index, round));
    }

    /** A majority has answered this round or a later one. Rounds of waiting reads ascend. */
    void confirmed(long round, Desk desk) {
        while (!waiting.isEmpty() && waiting.peek().round() <= round) {
            Waiting read = waiting.remove();
            ready(desk, read.asker(), read.life(), read.id(), read.index());
        }
    }

    /** The members changed: whoever answered before may not count any more, so all wait for this round. */
    void waitFor(long round) {
        Deque<Waiting> moved = new ArrayDeque<>(waiting.size());
        for (Waiting read : waiting) {
            moved.add(new Waiting(read.asker(), read.life(), read.id(), read.index(), round));
        }
        waiting = moved;
    }

    /** Leadership is lost. */
    void refuseAll(Desk desk) {
        waiting.forEach(read -> refuse(desk, read.asker(), read.life(), read.id(), ClientRpc.Refusal.NOT_LEADER, null));
        waiting.clear();
    }

    static void ready(Desk desk, String asker, UUID life, long id, long index) {
        desk.emit(new Effect.Answer(asker, new ClientRpc.ReadReady(life, id, index)));
    }

    static void refuse(
            Desk desk, String asker, UUID life, long id, ClientRpc.Refusal refusal, @Nullable String leader) {
        desk.emit(new Effect.Answer(asker, new ClientRpc.ReadRefused(life, id, refusal, leader)));
    }
}
