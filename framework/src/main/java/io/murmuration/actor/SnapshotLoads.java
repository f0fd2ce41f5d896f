package io.murmuration.actor;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * Mutable. Loads of one Snapshots, one after the other: the snapshot store's answer to one that failed does not say
 * which was meant.
 */
final class SnapshotLoads {
    private final LoadCall call;
    private final ArrayDeque<Load> waiting = new ArrayDeque<>();
    private @Nullable Load inFlight;

    /** Asks the store for the newest snapshot of a range. */
    @FunctionalInterface
    interface LoadCall {
        void load(long minIndex, long maxIndex);
    }

    private record Load(
            long minIndex, long maxIndex, Consumer<@Nullable SelectedSnapshot> found, Consumer<Throwable> failed) {}

    SnapshotLoads(LoadCall call) {
        this.call = call;
    }

    /** The newest of all up to an index. */
    void newest(long maxIndex, Consumer<@Nullable SelectedSnapshot> found, Consumer<Throwable> failed) {
        waiting.add(new Load(0, maxIndex, found, failed));
        next();
    }

    /** The one at an index. */
    void exactly(long index, Consumer<@Nullable SelectedSnapshot> found, LongConsumer failed) {
        waiting.add(new Load(index, index, found, cause -> failed.accept(index)));
        next();
    }

    void found(Option<SelectedSnapshot> snapshot) {
        Load load = ended();
        if (load != null) {
            load.found().accept(snapshot.isEmpty() ? null : snapshot.get());
        }
        next();
    }

    void failed(Throwable cause) {
        Load load = ended();
        if (load != null) {
            load.failed().accept(cause);
        }
        next();
    }

    private @Nullable Load ended() {
        Load load = inFlight;
        inFlight = null;
        return load;
    }

    private void next() {
        if (inFlight == null) {
            Load load = waiting.poll();
            inFlight = load;
            if (load != null) {
                call.load(load.minIndex(), load.maxIndex());
            }
        }
    }
}
