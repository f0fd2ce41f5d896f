package io.murmuration.actor;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs long work of an actor on other threads, and what follows from it on the actor's own. Thread-safe. */
final class Elsewhere {
    private final Executor threads;
    private final Consumer<Runnable> back;

    /**
     * For one actor.
     *
     * @param threads where the work is done
     * @param back has the actor run something; callable on any thread
     */
    Elsewhere(Executor threads, Consumer<Runnable> back) {
        this.threads = threads;
        this.back = back;
    }

    /**
     * Begins. An error too is a failure of this work, not of the process: a class that is missing, or memory that could
     * not be allocated for a large state, is not missed elsewhere.
     *
     * @param work done elsewhere; returns what then happens on the actor's thread
     * @param failed given what the work threw, in its words; returns what then happens on the actor's thread
     */
    void run(Supplier<Runnable> work, Function<String, Runnable> failed) {
        threads.execute(() -> {
            Runnable next;
            try {
                next = work.get();
            } catch (RuntimeException | Error e) {
                next = failed.apply(e.getMessage() == null ? e.toString() : e.getMessage());
            }
            back.accept(next);
        });
    }
}
