package io.murmuration.actor;

import io.murmuration.core.apply.Question;
import io.murmuration.core.model.Members;

/** What streams that watch say to a Gateway, and what Log says for them. */
sealed interface WatchMessage extends GatewayMessage {
    /**
     * A stream runs. Said first.
     *
     * @param subscriber the stream
     */
    record Join(Subscriber subscriber) implements WatchMessage {}

    /**
     * A stream has ended. Said last.
     *
     * @param subscriber the stream
     */
    record Leave(Subscriber subscriber) implements WatchMessage {}

    /**
     * A stream wants something of the Machine. Its earlier questions are settled.
     *
     * @param subscriber the stream
     * @param question what it wants
     */
    record Ask(Subscriber subscriber, Question question) implements WatchMessage {}

    /**
     * A stream wants to know of the group.
     *
     * @param subscriber the stream
     * @param seen the version that it knows; 0 if none
     */
    record AskGroup(GroupSubscriber subscriber, long seen) implements WatchMessage {}

    /**
     * Log says who belongs to the group, as far as this node knows.
     *
     * @param members the members in force
     */
    record MembersAre(Members members) implements WatchMessage {}
}
