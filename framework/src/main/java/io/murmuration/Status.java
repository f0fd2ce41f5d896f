package io.murmuration;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one replica sees the world at one moment. Nodes may disagree: each sees only part of the truth.
 *
 * @param group the group's name
 * @param groupId the group's random id, or empty if this node does not know it yet
 * @param node this node's name
 * @param role {@code leader}, {@code follower}, {@code candidate}, {@code pre-candidate}, "learner" (it does not vote:
 *     it is on its way to be a member, or was removed), or what the replica is doing while it takes no part:
 *     {@code recovering}, {@code founding}, {@code waiting} (the group exists, but does not know this disk: the disk
 *     was lost, or the node was not added yet), {@code stopped}, {@code stalled} (it runs, but does not say how it is)
 * @param term the current term
 * @param leader the node that leads as far as this node knows, or null
 * @param last the index of the last entry in this node's log
 * @param durable the last index that is durable on this node
 * @param commit the commit index as this node knows it
 * @param applied the last index that this node's machine has applied
 * @param snapshot the last index that this node's newest snapshot includes; 0 if it has none
 * @param logBytes the size of this node's log in memory
 * @param members the names of the voting members, those of the old configuration included while they change
 * @param outgoing while the voters change: the names of all voters of the old configuration, else empty
 * @param learners the names of those who receive the log and do not vote
 * @param change on the leader: which change of members is under way and what it waits for, as a sentence; null if none
 *     is, and on all other nodes
 * @param matched on the leader: the index up to which each other member is known to hold the log; else empty
 * @param why why there is no leader, or why the replica does not take part, as a sentence; null when all is well
 * @since 0.1.0
 */
public record Status(
        String group,
        String groupId,
        String node,
        String role,
        long term,
        @Nullable String leader,
        long last,
        long durable,
        long commit,
        long applied,
        long snapshot,
        long logBytes,
        List<String> members,
        List<String> outgoing,
        List<String> learners,
        @Nullable String change,
        Map<String, Long> matched,
        @Nullable String why) {
    /** Copies the collections. */
    public Status {
        members = List.copyOf(members);
        outgoing = List.copyOf(outgoing);
        learners = List.copyOf(learners);
        matched = Map.copyOf(matched);
    }
}
