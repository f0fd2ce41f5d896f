package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answers of one slice, batched per session; mutable. No message exceeds {@link #MESSAGE_BYTES_MAX} unless a single
 * outcome does, and that is bounded by {@link ReplyRule}: what exceeds Artery's frame would vanish without a word.
 */
final class Answers {
    /** The most bytes of outcomes in one message. */
    static final int MESSAGE_BYTES_MAX = 131_072;

    private static final int OVERHEAD = 32;

    private final List<Effect> effects = new ArrayList<>();
    private final Map<Long, Batch> batches = new LinkedHashMap<>();

    private static final class Batch {
        private final Sessions.Gateway gateway;
        private final List<Outcome> outcomes = new ArrayList<>();
        private int bytes;

        private Batch(Sessions.Gateway gateway) {
            this.gateway = gateway;
        }
    }

    void opened(Sessions.Gateway gateway, long session) {
        effects.add(new Effect.Answer(gateway.node(), new ClientRpc.Opened(gateway.life(), session)));
    }

    void outcome(Sessions.Gateway gateway, long session, Outcome outcome) {
        Batch batch = batches.computeIfAbsent(session, any -> new Batch(gateway));
        int size = OVERHEAD + ReplyRule.size(outcome.reply());
        if (!batch.outcomes.isEmpty() && batch.bytes + size > MESSAGE_BYTES_MAX) {
            send(session, batch);
        }
        batch.outcomes.add(outcome);
        batch.bytes += size;
    }

    void lost(long index, String command, Throwable cause) {
        effects.add(new Effect.ReplyLost(index, command, cause));
    }

    /** All of it, in the order of the log for each session. */
    List<Effect> effects() {
        batches.forEach(this::send);
        return effects;
    }

    private void send(long session, Batch batch) {
        effects.add(new Effect.Answer(
                batch.gateway.node(), new ClientRpc.Outcomes(batch.gateway.life(), session, batch.outcomes)));
        batch.outcomes.clear();
        batch.bytes = 0;
    }
}
