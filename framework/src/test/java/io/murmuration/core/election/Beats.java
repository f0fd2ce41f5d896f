package io.murmuration.core.election;

import io.murmuration.core.model.ElectionRpc.CampaignNow;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A leader's time, in steps of a heartbeat: in each, its own actors and the others answer as the test says. */
final class Beats {
    static final Duration BEAT = Rig.T.dividedBy(10);

    /** What an other node answers each heartbeat with. */
    record Says(Peer peer, EntryId last, long applied, boolean healthy, int priority) {
        static Says well(Peer peer, EntryId last) {
            return new Says(peer, last, 0, true, 0);
        }

        HeartbeatReply reply(long term, long round) {
            return new HeartbeatReply(term, round, last, applied, healthy, priority);
        }
    }

    /** An effect, and when it was decided. */
    record Timed(long at, Effect effect) {}

    final List<Timed> all = new ArrayList<>();
    private final Rig rig;
    private final long start;

    Beats(Rig rig) {
        this.rig = rig;
        this.start = rig.now;
    }

    /** @param own answers the pulses of this node, or does not */
    Beats pass(Duration time, Consumer<Election> own, Says... others) {
        long end = rig.now + time.toNanos();
        while (rig.now - end < 0) {
            List<Effect> step = new ArrayList<>(rig.runsFor(BEAT));
            own.accept(rig.election);
            long round = Rig.only(Effect.Send.class, step).stream()
                    .map(Effect.Send::message)
                    .filter(Heartbeat.class::isInstance)
                    .mapToLong(message -> ((Heartbeat) message).round())
                    .max()
                    .orElse(0);
            for (Says other : others) {
                step.addAll(rig.receives(other.peer(), other.reply(rig.term(), round)));
            }
            withoutRounds(step).forEach(effect -> all.add(new Timed(rig.now - start, effect)));
        }
        return this;
    }

    /** Which round a candidate-to-be has answered is another test's business. */
    static List<Effect> withoutRounds(List<Effect> effects) {
        return effects.stream()
                .map(effect -> effect instanceof Effect.Send send && send.message() instanceof CampaignNow order
                        ? new Effect.Send(send.node(), new CampaignNow(order.term(), 0))
                        : effect)
                .toList();
    }

    <E extends Effect> List<E> only(Class<E> type) {
        return Rig.only(type, all.stream().map(Timed::effect).toList());
    }

    /** When effects of a kind were decided, in tenths of T since the start. */
    List<Long> when(Effect effect) {
        return all.stream()
                .filter(timed -> timed.effect().equals(effect))
                .map(timed -> timed.at() / BEAT.toNanos())
                .toList();
    }
}
