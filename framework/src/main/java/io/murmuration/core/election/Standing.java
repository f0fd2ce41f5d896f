package io.murmuration.core.election;

import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Peer;

/**
 * How a leader sees another voter that it has heard within T.
 *
 * @param peer who
 * @param said what it said last
 * @param stays whether it is to vote when a change of members that is under way is done
 */
record Standing(Peer peer, HeartbeatReply said, boolean stays) {
    /** Whether it may lead. */
    boolean fit() {
        return stays && said.healthy();
    }

    EntryId last() {
        return said.last();
    }
}
