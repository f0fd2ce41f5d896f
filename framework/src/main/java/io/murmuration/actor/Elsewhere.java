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
     * Begins. Memory that does not suffice for a large state is a failure of this work, not of the process: what could
     * not be allocated is not missed elsewhere.
     *
     * @param work done elsewhere; returns what then happens on the actor's thread
     * @param failed given what the work threw, in its words; returns what then happens on the actor's thread
     */
    void run(Supplier<Runnable> work, Function<String, Runnable> failed) {
        threads.execute(() -> {
            Runnable next;
            try {
                next = work.get();
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                next = failed.apply(e.getMessage() == null ? e.toString() : e.getMessage());
            }
            back.accept(next);
        });
    }
}
