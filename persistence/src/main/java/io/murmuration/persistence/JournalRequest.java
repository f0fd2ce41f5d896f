package io.murmuration.persistence;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What waits for the writer thread; it is answered in the order in which it came. */
sealed interface JournalRequest {

    /** The largest request: 512 MiB. With it the offsets of a segment of 1 GiB stay below 2^31. */
    long BYTES_MAX = 512L << 20;

    /** The bytes that it takes in the queue and, at most, on the disk. */
    long bytes();

    /** Answers it with a failure. */
    void fail(Throwable failure);

    /** Stores events. */
    record Append(List<AtomicAppend> writes, long bytes, CompletableFuture<Void> answer) implements JournalRequest {

        static Append of(List<AtomicAppend> writes) {
            long bytes = 0;
            for (AtomicAppend write : writes) {
                bytes += RecordFrame.framedBytes(write.bodyBytes());
                bytes += streamRecordBytes(write.persistenceId());
            }
            return new Append(writes, bytes, new CompletableFuture<>());
        }

        /** A first write is preceded by a record that introduces the persistence id; a char takes at most 3 bytes. */
        private static long streamRecordBytes(String persistenceId) {
            return RecordFrame.framedBytes(2L * Integer.BYTES + 3L * persistenceId.length());
        }

        @Override
        public void fail(Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    /** Deletes a persistence id's events up to a sequence number, inclusive. */
    record Delete(String persistenceId, long toSequenceNr, CompletableFuture<Void> answer) implements JournalRequest {

        static final int BODY_BYTES = Integer.BYTES + Long.BYTES;

        @Override
        public long bytes() {
            return RecordFrame.framedBytes(BODY_BYTES);
        }

        @Override
        public void fail(Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    /** Asks for the highest sequence number behind all writes that were handed over before. */
    record Highest(String persistenceId, CompletableFuture<Long> answer) implements JournalRequest {

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void fail(Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }
}
