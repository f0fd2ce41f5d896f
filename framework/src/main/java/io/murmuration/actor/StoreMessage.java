package io.murmuration.actor;

import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import java.util.List;

/** What is said to a replica's Store. */
sealed interface StoreMessage permits Neighbours, StoreMessage.Write, StoreMessage.Finish {
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
            if (records.isEmpty()) {
                throw new IllegalArgumentException(
                        "A write has at least one record; nobody would answer an empty one.");
            }
            records = List.copyOf(records);
        }
    }

    /**
     * The journal has been read to its end. The Store's first word to its GroupActor.
     *
     * @param recovered what the journal says
     */
    record Loaded(Recovered recovered) implements GroupMessage {}

    /**
     * The Store can no longer do its work and stops. Its last word to its GroupActor: no write that is not yet answered
     * ever will be, and what is in the journal is known only to who reads it anew.
     *
     * @param why what happened, as a sentence
     * @param cause what the journal, or the replay, threw
     */
    record Failed(String why, Throwable cause) implements GroupMessage {}

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
