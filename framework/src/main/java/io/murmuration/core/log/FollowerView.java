package io.murmuration.core.log;

import io.murmuration.core.model.Peer;

/**
 * What a leader's Log knows of another member at one moment. Times are in nanoseconds.
 *
 * @param peer the member
 * @param feeding how it is fed
 * @param match up to where it is known to hold the log durably
 * @param answered whether it has said anything since it was met
 * @param silence how long its Log has not been heard; an idle one is spoken to each two election time-outs only; 0
 *     while the group dozes
 * @param stillness how long it has come no closer to the end of the log, though it lacks something
 */
public record FollowerView(Peer peer, Feeding feeding, long match, boolean answered, long silence, long stillness) {
    /** How a member is fed. */
    public enum Feeding {
        /** It is being asked where the logs part. */
        PROBED,
        /** It is sent entries. */
        FED,
        /** It needs what the leader no longer has, and was offered a snapshot that it has not begun to pull. */
        OFFERED,
        /** It pulls a snapshot, or puts it in place. */
        PULLS,
        /** It needs what the leader no longer has, and there is no snapshot to offer. */
        LACKS,
        /** It has lost what it had acknowledged: neither fed nor counted in this term. */
        DAMAGED
    }

    /** {@return up to where it counts towards a majority} */
    public long counted() {
        return feeding == Feeding.DAMAGED ? 0 : match;
    }

    static FollowerView of(Progress progress, long silence, long now) {
        return new FollowerView(
                progress.peer(),
                feeding(progress),
                progress.match(),
                progress.answered(),
                silence,
                progress.stillness(now));
    }

    private static Feeding feeding(Progress progress) {
        return switch (progress.state()) {
            case DAMAGED -> Feeding.DAMAGED;
            case SNAPSHOTTING -> progress.pulls() ? Feeding.PULLS : Feeding.OFFERED;
            case PROBING -> progress.lacks() ? Feeding.LACKS : Feeding.PROBED;
            case REPLICATING -> Feeding.FED;
        };
    }
}
