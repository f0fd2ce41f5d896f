package io.murmuration.core.election;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Election} knows at one moment.
 *
 * @param role the role
 * @param term the current term
 * @param leader the node that leads, or null if none is known
 * @param whyNoLeader a sentence if no leader is known, else null
 * @param health how this node's own parts get on
 * @param others while leading: what heartbeats tell of the others; else empty
 */
public record View(
        Role role,
        long term,
        @Nullable String leader,
        @Nullable String whyNoLeader,
        Health health,
        List<Heard> others) {
    /** Copies the list. */
    public View {
        others = List.copyOf(others);
    }
}
