package io.murmuration.actor;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorCell;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.Mailbox;
import org.apache.pekko.dispatch.ThreadPoolConfig;

/**
 * The executor of a dispatcher whose threads are {@link Loop}s. The actors of one group run on one of them, as do all
 * children of one parent: they speak to each other without waking another thread.
 */
public final class Loops extends AbstractExecutorService {
    private final List<Loop> loops = new ArrayList<>();
    private volatile boolean ended;

    /**
     * Starts its threads.
     *
     * @param threads how many, at least one
     * @param factory makes them
     */
    Loops(int threads, ThreadFactory factory) {
        try {
            for (int i = 0; i < threads; i++) {
                loops.add(new Loop(factory));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A dispatcher of type Loops cannot be started: " + e.getMessage(), e);
        }
        loops.forEach(Loop::start);
    }

    @Override
    public void execute(Runnable task) {
        if (ended) {
            throw new RejectedExecutionException("This dispatcher has ended.");
        }
        loopOf(task).execute(task);
    }

    private Loop loopOf(Runnable task) {
        if (loops.size() == 1) {
            return loops.get(0);
        }
        ActorCell cell = task instanceof Mailbox mailbox ? mailbox.actor() : null;
        if (cell != null) {
            return loops.get(Math.floorMod(System.identityHashCode(cell.parent()), loops.size()));
        }
        Loop current = Loop.current();
        return current != null && loops.contains(current) ? current : loops.get(0);
    }

    @Override
    public void shutdown() {
        ended = true;
        loops.forEach(Loop::end);
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return ended;
    }

    @Override
    public boolean isTerminated() {
        return loops.stream().allMatch(Loop::isEnded);
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long until = System.nanoTime() + unit.toNanos(timeout);
        for (Loop loop : loops) {
            if (!loop.await(until - System.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    /** Made by Pekko for {@code executor = "io.murmuration.actor.Loops$Configurator"}. */
    public static final class Configurator extends ExecutorServiceConfigurator {
        private final int threads;

        /**
         * Reads {@code loops.parallelism-min}, {@code -factor} and {@code -max} of the dispatcher.
         *
         * @param config the dispatcher's
         * @param prerequisites of no use here
         */
        public Configurator(Config config, DispatcherPrerequisites prerequisites) {
            super(config, prerequisites);
            Config loops = config.getConfig("loops");
            this.threads = ThreadPoolConfig.scaledPoolSize(
                    loops.getInt("parallelism-min"),
                    loops.getDouble("parallelism-factor"),
                    loops.getInt("parallelism-max"));
        }

        @Override
        public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threadFactory) {
            return new ExecutorServiceFactory() {
                @Override
                public ExecutorService createExecutorService() {
                    return new Loops(threads, threadFactory);
                }
            };
        }
    }
}
