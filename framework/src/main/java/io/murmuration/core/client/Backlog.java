package io.murmuration.core.client;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The commands without an outcome: by serial, by deadline, and those that wait to be sent. Mutable. Its owner bounds
 * it.
 */
final class Backlog {
    private final TreeMap<Long, Pending> all = new TreeMap<>();
    private final TreeMap<Long, Pending> unsent = new TreeMap<>();
    private final TreeSet<Pending> deadlines =
            new TreeSet<>((one, other) -> Request.BY_DEADLINE.compare(one.request, other.request));
    private long bytes;

    void add(Pending command) {
        all.put(command.serial, command);
        unsent.put(command.serial, command);
        deadlines.add(command);
        bytes += command.command.size();
    }

    void remove(Pending command) {
        all.remove(command.serial);
        unsent.remove(command.serial);
        deadlines.remove(command);
        bytes -= command.command.size();
    }

    /** Empties it. */
    List<Pending> removeAll() {
        List<Pending> removed = List.copyOf(all.values());
        all.clear();
        unsent.clear();
        deadlines.clear();
        bytes = 0;
        return removed;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether a command has left and has no outcome yet. */
    boolean someLeft() {
        return all.values().stream().anyMatch(command -> command.session != 0);
    }

    /** The size of all commands. */
    long bytes() {
        return bytes;
    }

    @Nullable
    Pending bySerial(long serial) {
        return all.get(serial);
    }

    /** The lowest serial without an outcome, or this one if there is none. */
    long lowestOr(long next) {
        return all.isEmpty() ? next : all.firstKey();
    }

    int size() {
        return all.size();
    }

    /** The one that was asked first, or null. */
    @Nullable
    Pending oldest() {
        return all.isEmpty() ? null : all.firstEntry().getValue();
    }

    /** Those that wait to be sent, serials ascending. */
    Iterable<Pending> unsent() {
        return unsent.values();
    }

    void sent(List<Pending> commands) {
        commands.forEach(command -> unsent.remove(command.serial));
    }

    /** To be sent (again). */
    void sendAgain(List<Pending> commands) {
        commands.forEach(command -> unsent.put(command.serial, command));
    }

    /** To be sent again, all of it. */
    void sendAllAgain() {
        unsent.putAll(all);
    }

    /** Whose caller stops waiting first, or null. */
    @Nullable
    Pending nextToExpire() {
        return deadlines.isEmpty() ? null : deadlines.first();
    }
}
