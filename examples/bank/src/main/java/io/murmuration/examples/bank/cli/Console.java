package io.murmuration.examples.bank.cli;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Tells a person what happens: lines, and a bar of progress below them. Where there is no terminal the bar becomes a
 * line at each tenth. Thread-safe.
 */
public final class Console {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private String bar = "";
    private long drawnAt;
    private int tenth = -1;

    /**
     * A console.
     *
     * @param out where to write
     * @param terminal whether a person sees it as it comes
     */
    public Console(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * A console on the standard error stream; the launcher says whether it is a terminal.
     *
     * @param out the stream
     * @return the console
     */
    public static Console of(PrintWriter out) {
        return new Console(out, Boolean.getBoolean("bank.terminal"));
    }

    /**
     * Writes a line.
     *
     * @param line what to say
     */
    public synchronized void say(String line) {
        if (bar.isEmpty()) {
            out.println(line);
        } else {
            out.print(CLEAR);
            out.println(line);
            out.print(bar);
        }
        out.flush();
    }

    /**
     * Moves the bar.
     *
     * @param done how much is done
     * @param all how much there is
     * @param note what to say behind the bar
     */
    public synchronized void progress(long done, long all, String note) {
        int percent = all == 0 ? 100 : (int) (100 * done / all);
        if (!terminal) {
            if (percent / 10 != tenth) {
                tenth = percent / 10;
                out.println(String.format(Locale.ROOT, "  %3d %%  %s", percent, note));
                out.flush();
            }
            return;
        }
        long now = System.nanoTime();
        if (done < all && !bar.isEmpty() && now - drawnAt < REDRAW_NANOS) {
            return;
        }
        drawnAt = now;
        int full = WIDTH * percent / 100;
        bar = String.format(
                Locale.ROOT, "  [%s%s] %3d %%  %s", "#".repeat(full), ".".repeat(WIDTH - full), percent, note);
        out.print(CLEAR + bar);
        out.flush();
    }

    /** Leaves the bar where it is; what follows goes below it. */
    public synchronized void endProgress() {
        if (!bar.isEmpty()) {
            out.println();
            out.flush();
        }
        bar = "";
        tenth = -1;
    }
}
