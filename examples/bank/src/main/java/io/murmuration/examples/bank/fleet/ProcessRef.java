package io.murmuration.examples.bank.fleet;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A process, known again by its start: a pid alone may have gone to another process since.
 *
 * @param pid its number
 * @param startMillis when it started, in milliseconds since 1970
 */
public record ProcessRef(long pid, long startMillis) {
    /** A killed process is gone at once, unless its disk hangs. */
    private static final long GONE_WITHIN_SECONDS = 5;

    /** The system's idea of when it booted, from which starts are reckoned, may waver. */
    private static final Duration SAME_START = Duration.ofSeconds(2);

    /**
     * A process that is running.
     *
     * @param handle the process
     * @return how to know it again
     */
    public static ProcessRef of(ProcessHandle handle) {
        return new ProcessRef(
                handle.pid(), handle.info().startInstant().orElse(Instant.EPOCH).toEpochMilli());
    }

    /**
     * The process, if it still runs and is the same.
     *
     * @return the process, or empty
     */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isSame);
    }

    private boolean isSame(ProcessHandle handle) {
        long other = handle.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
        return Math.abs(other - startMillis) <= SAME_START.toMillis();
    }

    /**
     * Kills it: SIGKILL. Returns when the process is gone, or after {@value #GONE_WITHIN_SECONDS} s.
     *
     * @return false if it does not run any more
     */
    public boolean kill() {
        return find().map(ProcessRef::killAndAwait).orElse(false);
    }

    private static boolean killAndAwait(ProcessHandle process) {
        boolean asked = process.destroyForcibly();
        CompletableFuture<ProcessHandle> gone =
                process.onExit().completeOnTimeout(process, GONE_WITHIN_SECONDS, SECONDS);
        gone.join();
        return asked;
    }

    /**
     * Stops it where it is: SIGSTOP.
     *
     * @return false if it does not run any more
     */
    public boolean pause() {
        return signal("STOP");
    }

    /**
     * Lets it go on: SIGCONT.
     *
     * @return false if it does not run any more
     */
    public boolean resume() {
        return signal("CONT");
    }

    /**
     * Asks it to end in order: SIGTERM, and SIGCONT, without which a stopped process would not hear it.
     *
     * @return false if it does not run any more
     */
    public boolean terminate() {
        boolean asked = find().map(ProcessHandle::destroy).orElse(false);
        return signal("CONT") && asked;
    }

    private boolean signal(String name) {
        if (find().isEmpty()) {
            return false;
        }
        try {
            // The shell's own kill, since not every machine has one as a program.
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return kill.waitFor() == 0;
        } catch (IOException e) {
            throw new FleetException("The signal " + name + " cannot be sent: " + e.getMessage() + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
