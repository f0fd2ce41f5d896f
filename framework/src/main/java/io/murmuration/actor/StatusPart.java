package io.murmuration.actor;

import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One actor's part of a replica's {@link io.murmuration.Status}. */
sealed interface StatusPart {
    /**
     * What Election knows.
     *
     * @param role {@code leader}, {@code follower}, {@code candidate}, {@code pre-candidate}, {@code learner}
     * @param term the current term
     * @param leader the node that leads, or null
     * @param whyNoLeader a sentence if there is no leader, else null
     */
    record OfElection(
            String role,
            long term,
            @Nullable String leader,
            @Nullable String whyNoLeader) implements StatusPart {}

    /**
     * What Log knows.
     *
     * @param last the last entry
     * @param durable the last index that is durable here
     * @param commit the commit index
     * @param snapshot the last index that the newest snapshot includes, or 0
     * @param bytes the size of the log in memory
     * @param members the members in force
     * @param change while leading: what is being changed about the members, or null
     * @param outside why this node is no member, or null if it is one
     * @param matched while leading: how far each other member is known to match; else empty
     */
    record OfLog(
            EntryId last,
            long durable,
            long commit,
            long snapshot,
            long bytes,
            Members members,
            @Nullable String change,
            @Nullable String outside,
            Map<String, Long> matched)
            implements StatusPart {}

    /**
     * What Machine knows.
     *
     * @param applied the last applied index
     * @param sessions how many sessions are open
     */
    record OfMachine(long applied, int sessions) implements StatusPart {}
}
