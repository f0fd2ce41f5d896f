package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc;
import java.time.Duration;
import java.util.List;

/**
 * What the client side of one group needs to know.
 *
 * @param group the group's name, for sentences
 * @param node this node's name: the first one that is asked who leads
 * @param members the names of the members; they are asked in turn while nobody says who leads
 * @param electionTimeout T
 * @param bytesMax the largest sum of commands that wait for their outcome
 * @param sessionIdle how long a session may be idle before the group drops it
 */
public record ClientSettings(
        String group,
        String node,
        List<String> members,
        Duration electionTimeout,
        long bytesMax,
        Duration sessionIdle) {
    /** The hint of {@link #retryAfter} is doubled so often at most; by then it is T anyway. */
    private static final int DOUBLINGS_MAX = 4;

    /**
     * Settings for a group whose sessions live as long as they do by default.
     *
     * @param group the group's name, for sentences
     * @param node this node's name
     * @param members the names of the members
     * @param electionTimeout T
     * @param bytesMax the largest sum of commands that wait for their outcome
     */
    public ClientSettings(String group, String node, List<String> members, Duration electionTimeout, long bytesMax) {
        this(group, node, members, electionTimeout, bytesMax, ClientRpc.SESSION_IDLE_MAX);
    }

    /** Copies the list and checks that there is somebody to ask. */
    public ClientSettings {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("A group has at least one member; name the members of " + group + ".");
        }
    }

    /** T, in which all waiting is counted. */
    long tNanos() {
        return electionTimeout.toNanos();
    }

    /** After so long without an answer in it a session is opened again before it is used, with room to spare. */
    long renewNanos() {
        return sessionIdle.toNanos() / 6;
    }

    /**
     * When it makes sense to ask again after a refusal for lack of room: T / 10, in which a leader that works commits
     * many times what its queue holds, doubled with each further refusal until it answers, up to T.
     *
     * @param refusals how often the leader has refused since it last answered
     */
    Duration retryAfter(int refusals) {
        Duration hint =
                electionTimeout.dividedBy(10).multipliedBy(1L << Math.min(Math.max(0, refusals - 1), DOUBLINGS_MAX));
        return hint.compareTo(electionTimeout) > 0 ? electionTimeout : hint;
    }
}
