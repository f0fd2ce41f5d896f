package io.murmuration.core.log;

import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReplicatedLog} knows at one moment.
 *
 * @param last the last entry
 * @param durable the last index that is durable here
 * @param commit the commit index
 * @param snapshot the last index that the newest snapshot includes, or 0
 * @param room how much there is, and how much there may be
 * @param oldestWrite how long the oldest unfinished write has waited for the disk, in nanoseconds; 0 if there is none
 * @param members the members in force
 * @param outside why this node is no member, or null if it is one
 * @param leading what it knows as a leader, or null if it does not lead
 */
public record LogView(
        EntryId last,
        long durable,
        long commit,
        long snapshot,
        Room room,
        long oldestWrite,
        Members members,
        @Nullable String outside,
        @Nullable Leading leading) {
    /**
     * How much there is in memory.
     *
     * @param bytes the size of the log
     * @param queued the size of what waits to be appended
     * @param bytesMax {@code murmuration.log-bytes-max}
     */
    public record Room(long bytes, long queued, long bytesMax) {}

    /**
     * What only a leader knows.
     *
     * @param waits the first entry that a majority must hold for anything more to be committed; null if none waits
     * @param change what is being changed about the members and waits for, or null
     * @param handOver how far a hand-over of leadership is, or null
     * @param refused how long ago something was refused for lack of room, in nanoseconds; negative for never
     * @param followers the other members
     */
    public record Leading(
            @Nullable EntryId waits,
            @Nullable String change,
            @Nullable String handOver,
            long refused,
            List<FollowerView> followers) {
        /** Copies the list. */
        public Leading {
            followers = List.copyOf(followers);
        }
    }

    /** {@return how far each other member is known to match, by node; empty unless this Log leads} */
    public Map<String, Long> matched() {
        Map<String, Long> matched = new TreeMap<>();
        if (leading != null) {
            leading.followers().forEach(follower -> matched.put(follower.peer().node(), follower.counted()));
        }
        return matched;
    }

    /** {@return what is being changed about the members, or null} */
    public @Nullable String change() {
        return leading == null ? null : leading.change();
    }

    static LogView of(LogState state, MembersDesk members, Proposals proposals, @Nullable Leader leader, long now) {
        return new LogView(
                state.tail().last(),
                state.durability().durable(),
                state.commit(),
                state.prefix().index(),
                new Room(
                        state.tail().bytes(),
                        proposals.queueBytes(),
                        state.settings().logBytesMax()),
                state.durability().oldest(now),
                members.inForce(),
                members.whyOutside(),
                leader == null ? null : leader.view(now));
    }

    static List<FollowerView> followers(Replication replication, long now) {
        List<FollowerView> followers = new ArrayList<>();
        replication.each(
                progress -> followers.add(FollowerView.of(progress, replication.silence(progress.peer(), now), now)));
        return followers;
    }
}
