package io.murmuration.actor;

import io.murmuration.core.election.View;
import io.murmuration.core.log.LogView;
import io.murmuration.core.snapshot.SnapshotsView;

/** One actor's part of a replica's {@link io.murmuration.Status}. */
sealed interface StatusPart {
    /**
     * What Election knows.
     *
     * @param view as its core sees it
     */
    record OfElection(View view) implements StatusPart {}

    /**
     * What Log knows.
     *
     * @param view as its core sees it
     */
    record OfLog(LogView view) implements StatusPart {}

    /**
     * What Machine knows.
     *
     * @param applied the last applied index
     * @param sessions how many sessions are open
     * @param hasState false while it waits for the state of another member
     */
    record OfMachine(long applied, int sessions, boolean hasState) implements StatusPart {}

    /**
     * What Snapshots knows.
     *
     * @param view as its core sees it
     */
    record OfSnapshots(SnapshotsView view) implements StatusPart {}
}
