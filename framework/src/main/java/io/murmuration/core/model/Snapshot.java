package io.murmuration.core.model;

import io.murmuration.core.model.ClientRpc.Outcome;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * All that a Machine is at an index, in the form in which it is stored and sent (§7, thesis 5.1): "the snapshot's last
 * included index and term", the members in force there, the state, and what belongs to the state machine beyond the
 * user's state.
 *
 * @param group the group's random id: a snapshot of another group is never installed
 * @param last the last entry that is included
 * @param members the members in force at {@code last} [C2]
 * @param timeMillis the time that the log tells at {@code last}, milliseconds since 1970
 * @param elapsedMillis what has elapsed by then
 * @param shape under which {@code chain} was made ({@link Codec#replyShape}); 0 if under none or under several
 * @param chain the chained hash of the outcomes up to {@code last}, since the epoch of that index began
 * @param sessions the open sessions, the one that has been idle longest first
 * @param gone the sessions that were dropped last, the earliest first: where refusals are sent
 * @param state the user's state, encoded
 */
public record Snapshot(
        UUID group,
        EntryId last,
        Members members,
        long timeMillis,
        long elapsedMillis,
        long shape,
        long chain,
        List<Session> sessions,
        List<Gone> gone,
        EncodedState state) {
    /** Copies the lists. */
    public Snapshot {
        Objects.requireNonNull(group);
        Objects.requireNonNull(state);
        sessions = List.copyOf(sessions);
        gone = List.copyOf(gone);
    }

    /**
     * An open session (thesis 6.3).
     *
     * @param session its number
     * @param life the life of its Gateway
     * @param node the node on which that runs
     * @param lowest its lowest unanswered serial
     * @param usedMillis what had elapsed, by the log's time, when it was used last
     * @param outcomes what is remembered, serials ascending
     */
    public record Session(long session, UUID life, String node, long lowest, long usedMillis, List<Outcome> outcomes) {
        /** Copies the list. */
        public Session {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * A session that was dropped.
     *
     * @param session its number
     * @param life the life of its Gateway
     * @param node the node on which that runs
     */
    public record Gone(long session, UUID life, String node) {}
}
