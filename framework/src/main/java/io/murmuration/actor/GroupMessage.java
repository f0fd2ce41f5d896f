package io.murmuration.actor;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;

/** What is said to a GroupActor: by its Store, by other nodes ({@link Wire}), by its NodeActor and by itself. */
interface GroupMessage {
    /** Stop in order: answer what is open, settle the writes in flight, then end. */
    record Stop() implements GroupMessage {}

    /** Throw the state of this replica away and take another member's. */
    record Reseed() implements GroupMessage {}

    /** Time to ask the other founders again. */
    record AskAgain() implements GroupMessage {}

    /**
     * The Log, which leads, wants to know the incarnation of a node: answered with {@link LogMessage.Met}.
     *
     * @param node the node's name
     */
    record Identify(String node) implements GroupMessage {}

    /**
     * The Log, which leads, has made a node a learner: it is to know.
     *
     * @param peer the node in this life of its disk
     */
    record Invite(Peer peer) implements GroupMessage {}

    /**
     * Other members are in force in the Log.
     *
     * @param members the members
     */
    record MembersAre(Members members) implements GroupMessage {}

    /** The pause after a failure is over. */
    record StartAnew() implements GroupMessage {}

    /** Leadership was handed over, or need not or cannot be: go on with the stop. */
    record Relieved() implements GroupMessage {}

    /** The stop of the old replica takes too long. */
    record StillStopping() implements GroupMessage {}
}
