package io.murmuration.core.election;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Election} knows at one moment.
 *
 * @param role the role
 * @param term the current term
 * @param leader the node that leads, or null if none is known
 * @param whyNoLeader a sentence if no leader is known, else null
 */
public record View(
        Role role,
        long term,
        @Nullable String leader,
        @Nullable String whyNoLeader) {}
