package io.murmuration.core.election;

import io.murmuration.core.model.Peer;

/**
 * What a leader's heartbeats tell of another member.
 *
 * @param peer the member
 * @param silence how long it has answered no heartbeat, in nanoseconds
 * @param well whether it says that none of its own disk, Log and fold hangs; true before its first answer
 */
public record Heard(Peer peer, long silence, boolean well) {}
