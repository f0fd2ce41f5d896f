package io.murmuration.actor;

import io.murmuration.core.election.Heard;
import io.murmuration.core.log.FollowerView;
import io.murmuration.core.log.FollowerView.Feeding;
import io.murmuration.core.log.LogView;
import io.murmuration.core.snapshot.SnapshotsView.Served;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says in words why a member does not hold the whole log, from what its leader's Election and Log know of it.
 *
 * @param follower what Log knows
 * @param heard what heartbeats tell, or null if Election does not know the member yet
 * @param log the leader's own log
 * @param served what it is known to have of the snapshot that it pulls from here, or null if it pulls none
 * @param timeout T in nanoseconds
 */
record FollowerWords(
        FollowerView follower,
        @Nullable Heard heard,
        LogView log,
        @Nullable Served served,
        long timeout) {
    /** Each live member answers a heartbeat each T/10, and a silent one is sent one each T/2. */
    static final long SILENT_TIMEOUTS = 3;
    /** An idle Log is spoken to each 2 T; one that is busy answers when its disk has. */
    static final long LOG_SILENT_TIMEOUTS = 5;
    /** After so many time-outs without progress something is wrong. */
    static final long STILL_TIMEOUTS = 4;
    /** Whoever lacks less and moves is as good as level. */
    static final long BEHIND_ENTRIES = 1_000;

    /** What is wrong, with the values, beginning with the member's name; or null. */
    @Nullable
    String reason() {
        String name = follower.peer().node();
        long end = log.last().index();
        if (follower.feeding() == Feeding.DAMAGED) {
            return name + " has lost entries that it had acknowledged, so it is neither fed nor counted in this term";
        }
        if (silence() >= SILENT_TIMEOUTS * timeout) {
            return follower.answered()
                    ? String.format(
                            Locale.ROOT,
                            "%s has not answered for %s and is known to hold the log up to %,d of %,d",
                            name,
                            seconds(silence()),
                            follower.match(),
                            end)
                    : name + " has not answered since this node speaks to it, for " + seconds(silence());
        }
        if (follower.silence() >= LOG_SILENT_TIMEOUTS * timeout) {
            return name + " answers heartbeats, but its Log has not answered for " + seconds(follower.silence());
        }
        if (heard != null && !heard.well()) {
            return name + " answers, and says that it is being stopped, or that its own disk, Log or fold hangs";
        }
        return follower.match() >= end ? null : lagging(name, end);
    }

    private @Nullable String lagging(String name, long end) {
        return switch (follower.feeding()) {
            case LACKS -> name + " needs entries that this node no longer has, and there is no snapshot to offer";
            case OFFERED ->
                String.format(
                        Locale.ROOT,
                        "%s was offered the snapshot that ends at %,d, and has not begun to pull it",
                        name,
                        log.snapshot());
            case PULLS -> pulling(name, end);
            default -> slow(name, end);
        };
    }

    private String pulling(String name, long end) {
        if (served == null) {
            return String.format(
                    Locale.ROOT,
                    "%s pulls or installs a snapshot; this node's ends at %,d of %,d",
                    name,
                    log.snapshot(),
                    end);
        }
        return served.received() == served.size()
                ? String.format(
                        Locale.ROOT,
                        "%s has all %,d bytes of the snapshot that ends at %,d of %,d and puts it in place",
                        name,
                        served.size(),
                        served.index(),
                        end)
                : String.format(
                        Locale.ROOT,
                        "%s pulls the snapshot that ends at %,d of %,d and has %s",
                        name,
                        served.index(),
                        end,
                        partOf(served.received(), served.size()));
    }

    private @Nullable String slow(String name, long end) {
        long match = follower.match();
        if (follower.stillness() >= STILL_TIMEOUTS * timeout) {
            return String.format(
                    Locale.ROOT,
                    "%s answers, but has come no further than %,d of %,d for %s",
                    name,
                    match,
                    end,
                    seconds(follower.stillness()));
        }
        return end - match < BEHIND_ENTRIES
                ? null
                : String.format(
                        Locale.ROOT, "%s holds the log up to %,d of %,d, and is coming closer", name, match, end);
    }

    /** The reason with the way out, or null if there is none. */
    @Nullable
    String sentence() {
        String reason = reason();
        return reason == null ? null : reason + wayOut();
    }

    private String wayOut() {
        if (follower.feeding() == Feeding.DAMAGED) {
            return ". Stop it, empty its data folder and let it join anew.";
        }
        if (silence() >= SILENT_TIMEOUTS * timeout) {
            return ". See that it runs with this group and can be reached from here.";
        }
        if (follower.silence() >= LOG_SILENT_TIMEOUTS * timeout || (heard != null && !heard.well())) {
            return ". Look at its disk, and let it explain itself.";
        }
        return switch (follower.feeding()) {
            case LACKS -> ". It has to wait until this node has a snapshot again; request one.";
            case OFFERED -> ". Look at its log for the reason.";
            case PULLS -> ". Give it time; if it takes too long, look at the network and at its disk.";
            default ->
                follower.stillness() >= STILL_TIMEOUTS * timeout
                        ? ". Look at its disk, and let it explain itself."
                        : ". Give it time; if the gap grows, ask less or give it a faster disk.";
        };
    }

    /** Nobody of the member has been heard for so long. */
    private long silence() {
        return heard == null ? follower.silence() : Math.min(follower.silence(), heard.silence());
    }

    static String partOf(long received, long size) {
        return String.format(
                Locale.ROOT, "%,d of %,d bytes (%d %%)", received, size, received * 100 / Math.max(1, size));
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
