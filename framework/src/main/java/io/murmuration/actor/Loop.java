package io.murmuration.actor;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that runs actors and waits for their sockets: what arrives is handled by the thread that read it, where a
 * pool would wake another one. Nothing on it may block.
 */
final class Loop implements Executor, Runnable {
    /** Something that waits for a channel. */
    @FunctionalInterface
    interface Handler {
        /**
         * The channel is ready, on the loop's thread.
         *
         * @param key what for
         */
        void ready(SelectionKey key);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private static final ThreadLocal<Loop> CURRENT = new ThreadLocal<>();

    /** So many tasks are run before the sockets are looked at again. */
    private static final int TURN = 64;

    /** A loop that has nothing to do looks around so often. */
    private static final long LOOK_MILLIS = 1_000;

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Runnable> looks = new ArrayList<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile boolean ended;

    Loop(ThreadFactory threads) throws IOException {
        this.selector = Selector.open();
        this.thread = threads.newThread(this);
    }

    void start() {
        thread.start();
    }

    /** The loop whose thread this is; null on any other. */
    static @Nullable Loop current() {
        return CURRENT.get();
    }

    /** Runs the task on the loop's thread, on any thread. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Waits for the channel from now on; on the loop's thread. */
    SelectionKey register(SelectableChannel channel, int interest, Handler handler) throws ClosedChannelException {
        return channel.register(selector, interest, handler);
    }

    /** Runs the task each second or so; on the loop's thread. */
    void eachSecond(Runnable look) {
        looks.add(look);
    }

    /** Runs what was to be run, and ends. */
    void end() {
        ended = true;
        selector.wakeup();
    }

    boolean isEnded() {
        return ended && !thread.isAlive();
    }

    boolean await(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
        return !thread.isAlive();
    }

    @Override
    public void run() {
        CURRENT.set(this);
        long looked = System.nanoTime();
        while (!ended || !tasks.isEmpty()) {
            turn();
            try {
                await();
            } catch (IOException | ClosedSelectorException e) {
                LOG.error("A thread of murmuration.loops cannot wait for its connections", e);
            }
            long now = System.nanoTime();
            if (now - looked >= TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) {
                looked = now;
                looks.forEach(Loop::runSafely);
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("Cannot close", e);
        }
    }

    private void turn() {
        for (int i = 0; i < TURN; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            runSafely(task);
        }
    }

    /** Waits only if there is nothing to run; who brings something after that has been seen wakes it. */
    private void await() throws IOException {
        asleep.set(true);
        if (tasks.isEmpty() && !ended) {
            boolean unused = Thread.interrupted();
            selector.select(Loop::ready, LOOK_MILLIS);
        } else {
            selector.selectNow(Loop::ready);
        }
        asleep.set(false);
    }

    private static void ready(SelectionKey key) {
        if (key.isValid()) {
            runSafely(() -> ((Handler) key.attachment()).ready(key));
        }
    }

    /** As a pool does it: the thread's handler decides whether the process goes on. */
    @SuppressWarnings("PMD.AvoidCatchingThrowable")
    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
