package io.murmuration.core.client;

import io.murmuration.core.client.Pending.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The messages on their way to the node that is being asked, and how much they hold. Mutable. Bounded by
 * {@link #BYTES_MAX}.
 */
final class InFlight {
    /** The commands that are on their way to the leader. One command always fits. */
    static final int BYTES_MAX = 1 << 20;

    private final TreeMap<Long, Batch> batches = new TreeMap<>();
    private final TreeSet<Batch> retries = new TreeSet<>(Batch.BY_RETRY);
    private long bytes;

    /** Whether commands of this size may leave. */
    boolean hasRoomFor(long size) {
        return batches.isEmpty() || bytes + size <= BYTES_MAX;
    }

    void depart(Batch batch, List<Pending> commands) {
        for (Pending command : commands) {
            command.batch = batch;
            batch.unanswered.put(command.serial, command);
            bytes += command.command.size();
        }
        batches.put(batch.number, batch);
        retries.add(batch);
    }

    /** The copy of this command, if one is on its way, is no longer waited for. */
    void land(Pending command) {
        Batch batch = command.batch;
        if (batch == null) {
            return;
        }
        command.batch = null;
        bytes -= command.command.size();
        batch.unanswered.remove(command.serial);
        if (batch.unanswered.isEmpty()) {
            batches.remove(batch.number);
            retries.remove(batch);
        }
    }

    void landAll() {
        for (Batch batch : batches.values()) {
            batch.unanswered.values().forEach(command -> command.batch = null);
        }
        batches.clear();
        retries.clear();
        bytes = 0;
    }

    /** The commands of all messages that were not answered in time; they land. */
    List<Pending> overdue(long now) {
        List<Pending> overdue = new ArrayList<>();
        while (Moment.reached(retryAt(), now)) {
            List<Pending> commands = List.copyOf(retries.first().unanswered.values());
            commands.forEach(this::land);
            overdue.addAll(commands);
        }
        return overdue;
    }

    long retryAt() {
        return retries.isEmpty() ? Moment.NEVER : retries.first().retryAt;
    }
}
