package io.murmuration.core.snapshot;

import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc.Held;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the snapshots are that travel from and to a {@link Snapshots} at one moment.
 *
 * @param coming what this node pulls, or null
 * @param served who pulls from this node, or did
 */
public record SnapshotsView(@Nullable Coming coming, List<Served> served) {
    /** Nothing travels. */
    public static final SnapshotsView NONE = new SnapshotsView(null, List.of());

    /** Copies the list. */
    public SnapshotsView {
        served = List.copyOf(served);
    }

    /**
     * A snapshot on its way here. Times are in nanoseconds.
     *
     * @param held which one
     * @param received how many of its bytes are here
     * @param lasts since when it is pulled
     * @param stillness for how long no byte has come
     */
    public record Coming(Held held, long received, long lasts, long stillness) {
        /** {@return whether it is all here, and is being put in place} */
        public boolean whole() {
            return received == held.size();
        }
    }

    /**
     * A snapshot on its way from here.
     *
     * @param to who pulls
     * @param index the last index that it includes
     * @param received how many of its bytes that node is known to have
     * @param size its bytes
     */
    public record Served(Peer to, long index, long received, long size) {}

    /**
     * {@return what another node has of the snapshot that it pulls from here}
     *
     * @param to who pulls
     */
    public Optional<Served> servedTo(Peer to) {
        return served.stream().filter(one -> one.to().equals(to)).findFirst();
    }
}
