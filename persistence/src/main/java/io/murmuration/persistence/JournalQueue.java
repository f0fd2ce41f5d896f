package io.murmuration.persistence;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Requests between the callers, who never wait, and the writer thread.
 *
 * <p>Bounded in bytes; one request larger than the bound is taken when nothing else waits.
 */
final class JournalQueue {

    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final ArrayDeque<JournalRequest> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean closed;
    private @Nullable StorageException failure;

    JournalQueue(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Queues a request, or fails it at once if the journal is full, closed or has failed. */
    void offer(JournalRequest request) {
        StorageException refusal = tryOffer(request);
        if (refusal != null) {
            request.fail(refusal);
        }
    }

    private @Nullable StorageException tryOffer(JournalRequest request) {
        lock.lock();
        try {
            if (failure != null) {
                return failure;
            }
            if (closed) {
                return new StorageException(
                        "The journal is closed because the actor system ends; start the node again.");
            }
            if (request.bytes() > JournalRequest.BYTES_MAX) {
                return new StorageException(
                        "A write of " + request.bytes() + " bytes exceeds what the journal takes at once ("
                                + JournalRequest.BYTES_MAX + "); persist less at a time.");
            }
            if (bytes + request.bytes() > bytesMax && bytes > 0) {
                return new StorageException("The journal has " + bytes + " bytes waiting for the disk and "
                        + request.bytes() + " more would exceed murmuration.journal.queue-bytes (" + bytesMax
                        + "); send less at a time or raise it.");
            }
            bytes += request.bytes();
            waiting.add(request);
            filled.signal();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for requests and moves as many as fit into one group to {@code group}, at least one.
     *
     * @return false if the queue is closed and empty
     */
    boolean take(List<JournalRequest> group, long groupBytesMax) {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (closed) {
                    return false;
                }
                filled.awaitUninterruptibly();
            }
            long taken = 0;
            for (JournalRequest next = waiting.peek(); next != null; next = waiting.peek()) {
                if (!group.isEmpty() && taken + next.bytes() > groupBytesMax) {
                    break;
                }
                taken += next.bytes();
                group.add(waiting.remove());
            }
            bytes -= taken;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the writer finish what waits and refuses everything later. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Fails what waits and everything later. */
    void fail(StorageException reason) {
        List<JournalRequest> doomed;
        lock.lock();
        try {
            failure = reason;
            closed = true;
            doomed = List.copyOf(waiting);
            waiting.clear();
            bytes = 0;
            filled.signal();
        } finally {
            lock.unlock();
        }
        doomed.forEach(request -> request.fail(reason));
    }
}
