package io.murmuration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who leads and who belongs to a group, as one node knows it. Members are known from the log as soon as an entry that
 * changes them is in it, committed or not: that is when they are in force (§6).
 *
 * @param term the highest term in which this node has heard of a leader, or of having none
 * @param leader the node that leads in that term, or null if this node knows none
 * @param voters the names of the voting members, sorted
 * @param outgoing while members are being changed: the names of those who voted before; else empty
 * @param learners the names of members that receive the log and do not vote
 * @since 0.1.0
 */
public record GroupChange(
        long term, @Nullable String leader, List<String> voters, List<String> outgoing, List<String> learners) {
    /** Copies the lists. */
    public GroupChange {
        voters = List.copyOf(voters);
        outgoing = List.copyOf(outgoing);
        learners = List.copyOf(learners);
    }
}
