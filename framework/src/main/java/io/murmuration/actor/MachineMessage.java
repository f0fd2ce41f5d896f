package io.murmuration.actor;

import io.murmuration.core.apply.Image;
import io.murmuration.core.apply.Question;
import io.murmuration.core.apply.Watcher;
import io.murmuration.core.model.Entry;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What is said to a replica's Machine. */
sealed interface MachineMessage permits MachineMessage.Local, Neighbours, SnapshotsMessage.ToMachine, Wire {
    /** What is said on the same node only. */
    sealed interface Local extends MachineMessage {}

    /**
     * These entries are committed. Each index comes once, without a gap.
     *
     * @param entries at least one
     * @param answering whether this node led when they were committed, so that this Machine answers the askers
     */
    record Committed(List<Entry> entries, boolean answering) implements Local {
        public Committed {
            entries = List.copyOf(entries);
        }
    }

    /** Are you alive? Answered with {@link ElectionMessage.MachinePulse}. */
    record Pulse() implements Local {}

    /**
     * Log has made a snapshot its base, or a Machine without a state gets one. Answered with
     * {@link LogMessage.MachineReady}.
     *
     * @param image what to become
     */
    record Restore(Image<?> image) implements Local {}

    /** Fold the next slice of what is committed (sent by Machine to itself, so that it answers a pulse in between). */
    record Slice() implements Local {}

    /**
     * Read when {@code index} is applied.
     *
     * @param index the least index that must be applied; 0 for a read of whatever is there
     * @param reader given the state as it then is; completes the asker's stage itself
     */
    record Read(long index, Reader reader) implements Local {}

    /**
     * A watcher asks.
     *
     * @param question what; the answer goes to its watcher
     */
    record Watch(Question question) implements Local {}

    /**
     * A watcher has gone.
     *
     * @param watcher who
     */
    record Unwatch(Watcher watcher) implements Local {}

    /** Reads a state; a failure of the user's function is the reader's own business and never the Machine's. */
    @FunctionalInterface
    interface Reader {
        /**
         * Reads.
         *
         * @param state the immutable state
         * @param applied the index that it is at
         */
        void read(Object state, long applied);
    }

    /**
     * How does it look from here?
     *
     * @param replyTo who wants to know
     */
    record AskStatus(ActorRef<StatusPart> replyTo) implements Local {}
}
