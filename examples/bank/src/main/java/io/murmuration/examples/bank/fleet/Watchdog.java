package io.murmuration.examples.bank.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * A small process of its own that kills the nodes when their launcher is gone, however it went. A node that runs sees
 * by itself that its launcher is gone; one that is stopped (SIGSTOP) sees nothing, and SIGKILL is all that reaches it.
 */
final class Watchdog implements AutoCloseable {
    /** It lives until its input ends, and its input ends when the launcher does. Ctrl-C is for the launcher alone. */
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            pids=
            while read -r what pid; do
              rest=
              for p in $pids; do [ "$p" = "$pid" ] || rest="$rest $p"; done
              pids=$rest
              [ "$what" = watch ] && pids="$pids $pid"
            done
            for p in $pids; do kill -KILL "$p" 2>/dev/null; done
            exit 0
            """;

    private final Process process;
    private final Writer orders;

    private Watchdog(Process process) {
        this.process = process;
        this.orders = process.outputWriter(StandardCharsets.US_ASCII);
    }

    static Watchdog start() {
        try {
            return new Watchdog(new ProcessBuilder("/bin/sh", "-c", SCRIPT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void watch(long pid) {
        order("watch " + pid);
    }

    void forget(long pid) {
        order("forget " + pid);
    }

    private synchronized void order(String order) {
        try {
            orders.write(order + "\n");
            orders.flush();
        } catch (IOException gone) {
            if (process.isAlive()) {
                throw new UncheckedIOException(gone);
            }
        }
    }

    @Override
    public synchronized void close() {
        try {
            orders.close();
        } catch (IOException gone) {
            process.destroyForcibly();
        }
    }
}
