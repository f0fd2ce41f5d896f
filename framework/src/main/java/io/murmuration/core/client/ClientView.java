package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Client} knows of the commands that wait on its node at one moment.
 *
 * @param open how many have no outcome yet
 * @param bytes their size
 * @param bytesMax {@code murmuration.gateway-bytes-max}
 * @param oldest how long ago the oldest was asked, in nanoseconds; 0 if there is none
 * @param sentTo where the last copy of the oldest went, or null if none left
 * @param refusal why the oldest was refused last, or null
 * @param leader the node that is taken for the leader, or null if none is known
 * @param lastRefusal who refused what last, or null
 */
public record ClientView(
        int open,
        long bytes,
        long bytesMax,
        long oldest,
        @Nullable String sentTo,
        @Nullable Refusal refusal,
        @Nullable String leader,
        @Nullable String lastRefusal) {
    static ClientView of(Backlog backlog, LeaderSearch search, long bytesMax, long now) {
        Pending oldest = backlog.oldest();
        return new ClientView(
                backlog.size(),
                backlog.bytes(),
                bytesMax,
                oldest == null ? 0 : now - oldest.request.askedAt(),
                oldest == null ? null : oldest.sentTo,
                oldest == null ? null : oldest.refusal,
                search.known() ? search.node() : null,
                search.lastRefusal());
    }
}
