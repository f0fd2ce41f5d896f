package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Ruling;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a replica that does not lead answers to clients (§8: "that server will reject the client's request and supply
 * information about the most recent leader it has heard from"). Nothing of the request was appended.
 */
final class Redirect {
    private Redirect() {}

    static void refuse(LogState state, @Nullable String leader, Peer from, Open message) {
        refuse(state, leader, from, message.life(), message.batch(), List.of());
    }

    static void refuse(LogState state, @Nullable String leader, Peer from, Propose message) {
        List<Long> serials =
                message.proposals().stream().map(ClientRpc.Proposal::serial).toList();
        refuse(state, leader, from, message.life(), message.batch(), serials);
    }

    static void refuse(LogState state, @Nullable String leader, Peer from, ReadIndex message) {
        answer(
                state,
                from,
                new ClientRpc.ReadRefused(message.life(), message.id(), Refusal.NOT_LEADER, hint(state, leader)));
    }

    static void refuse(LogState state, @Nullable String leader, Peer from, Control message) {
        answer(
                state,
                from,
                new ClientRpc.Ruled(message.life(), message.id(), new Ruling.NotLeader(hint(state, leader)), 0));
    }

    private static void refuse(
            LogState state, @Nullable String leader, Peer from, UUID life, long batch, List<Long> serials) {
        answer(state, from, new ClientRpc.Refused(life, batch, serials, Refusal.NOT_LEADER, hint(state, leader), true));
    }

    private static @Nullable String hint(LogState state, @Nullable String leader) {
        return leader == null ? state.wayIn() : leader;
    }

    private static void answer(LogState state, Peer from, ClientRpc message) {
        state.emit(new Effect.Answer(from.node(), message));
    }
}
