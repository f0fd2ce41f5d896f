package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What waits inside one node: messages of its actors to each other, and a sync of its disk. Mutable. */
final class ScenarioLocals {
    private final List<Local> waiting = new ArrayList<>();
    private final Set<Path> held = new HashSet<>();
    private boolean syncs;
    private boolean flushesByItself = true;
    private boolean deletesByItself = true;

    /**
     * From one actor of a node to another one.
     *
     * @param from who says something
     * @param to who hears it
     */
    record Path(Actor from, Actor to) {
        @Override
        public String toString() {
            return from.word() + "->" + to.word();
        }
    }

    /**
     * A message in a mailbox, or a deed of the node itself ({@link Runnable}).
     *
     * @param path whose
     * @param life the life of the receiver that is meant
     * @param message what it says
     */
    record Local(Path path, long life, Object message) {}

    /** Something that happens beside the actors, unless the process ends before. */
    record Aside(String what, Runnable end) {
        @Override
        public String toString() {
            return what;
        }
    }

    void add(Local local) {
        waiting.add(local);
    }

    /** The next one that is not held, taken away; null if there is none. */
    @Nullable
    Local next() {
        for (int at = 0; at < waiting.size(); at++) {
            if (!held.contains(waiting.get(at).path())) {
                return waiting.remove(at);
            }
        }
        return null;
    }

    /** The next one of a path, held or not, taken away; null if there is none. */
    @Nullable
    Local next(Path path) {
        for (int at = 0; at < waiting.size(); at++) {
            if (waiting.get(at).path().equals(path)) {
                return waiting.remove(at);
            }
        }
        return null;
    }

    List<Local> all() {
        return waiting;
    }

    boolean holds(Path path) {
        return held.contains(path);
    }

    void hold(Path path) {
        held.add(path);
    }

    /** Whether this path was held. */
    boolean release(Path path) {
        return held.remove(path);
    }

    /** The disk has something to sync. */
    void sync() {
        syncs = true;
    }

    /** Whether there is something to sync, which the caller does now. */
    boolean takeSync() {
        boolean there = syncs;
        syncs = false;
        return there;
    }

    boolean flushesByItself() {
        return flushesByItself;
    }

    void flushesByItself(boolean now) {
        flushesByItself = now;
    }

    /** Whether the Store deletes what it needs no more. */
    boolean deletesByItself() {
        return deletesByItself;
    }

    void deletesByItself(boolean now) {
        deletesByItself = now;
    }

    /** The process has ended, and all that was in it. */
    void clear() {
        waiting.clear();
        syncs = false;
    }
}
