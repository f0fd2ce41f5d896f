package io.murmuration.bootstrap;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JVM that runs a node ends within 10 s of SIGTERM, whatever hangs: each phase of an orderly end is bounded, but not
 * their sum, and an application may add tasks of its own. What is durable stays so.
 */
final class ExitDeadline {
    static final Duration LIMIT = Duration.ofMillis(9_500);

    /** The exit code of a process that SIGTERM has ended. */
    private static final int TERMINATED = 143;

    private static final Logger LOG = LoggerFactory.getLogger(ExitDeadline.class);
    private static final AtomicBoolean INSTALLED = new AtomicBoolean();

    private ExitDeadline() {}

    /** Installs the deadline, once for all nodes of this JVM. */
    static void install() {
        if (INSTALLED.compareAndSet(false, true)) {
            Runtime.getRuntime().addShutdownHook(new Thread(ExitDeadline::begin, "murmuration-exit-deadline"));
        }
    }

    private static void begin() {
        Thread watchdog = new Thread(ExitDeadline::endLate, "murmuration-exit-watchdog");
        // The JVM waits for its hooks and not for this thread, so an end in order is not delayed.
        watchdog.setDaemon(true);
        watchdog.start();
    }

    private static void endLate() {
        long end = System.nanoTime() + LIMIT.toNanos();
        for (long left = LIMIT.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        LOG.warn("The orderly end of this process has taken {} ms; it ends now.", LIMIT.toMillis());
        Runtime.getRuntime().halt(TERMINATED);
    }
}
