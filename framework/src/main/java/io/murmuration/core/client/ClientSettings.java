package io.murmuration.core.client;

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
 */
public record ClientSettings(String group, String node, List<String> members, Duration electionTimeout, long bytesMax) {
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
}
