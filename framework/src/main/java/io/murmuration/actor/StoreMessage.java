package io.murmuration.actor;

import io.murmuration.core.model.StoreRecord;
import java.util.List;

/** What is said to a replica's Store. */
sealed interface StoreMessage {
    /** Whose records they are; sequences are counted per owner. */
    enum Owner {
        /** The GroupActor, while it founds. */
        GROUP,
        /** The Election: ballots. */
        ELECTION,
        /** The Log: entries. */
        LOG
    }

    /**
     * Make these records durable, in this order, after all that was handed over before.
     *
     * @param owner who wants to know
     * @param sequence the owner's count of writes, ascending
     * @param records at least one; written all or none
     */
    record Write(Owner owner, long sequence, List<StoreRecord> records) implements StoreMessage {
        public Write {
            records = List.copyOf(records);
        }
    }

    /** Take no further write; stop once all that was handed over is settled. The GroupActor watches for the stop. */
    record Finish() implements StoreMessage {}

    /**
     * The write and all before it are durable. The Store's answer to its owner.
     *
     * @param owner who asked
     * @param sequence which write
     */
    record Written(Owner owner, long sequence) implements ElectionMessage, LogMessage, GroupMessage {}
}
