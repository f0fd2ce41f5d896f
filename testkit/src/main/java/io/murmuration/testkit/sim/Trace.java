package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last events, kept as they are and put into words only when somebody reads them; and a digest of all of them, by
 * which two runs are compared. Mutable.
 */
final class Trace {
    /** How many events a violation shows. */
    static final int KEPT = 40;

    private record Line(long step, long at, @Nullable Event event, String what) {}

    private final Line[] ring = new Line[KEPT];
    private final @Nullable Consumer<String> listener;
    private long count;
    private long digest = 17;

    /** @param listener is given each event in words, or null if nobody wants them all */
    Trace(@Nullable Consumer<String> listener) {
        this.listener = listener;
    }

    void add(long step, Event event) {
        Object message = event.message();
        digest = 31 * digest + event.at();
        digest = 31 * digest + (event.node() == null ? -1 : event.node().slot());
        digest = 31 * digest + message.getClass().getName().hashCode();
        add(new Line(step, event.at(), event, ""));
    }

    void add(long step, long at, String what) {
        digest = 31 * digest + what.hashCode();
        add(new Line(step, at, null, what));
    }

    private void add(Line line) {
        ring[(int) (count++ % KEPT)] = line;
        if (listener != null) {
            listener.accept(words(line));
        }
    }

    long digest() {
        return digest;
    }

    static String heading() {
        return words("step", "time", "node", "actor", "from", "event");
    }

    /** The last events, the oldest first. */
    List<String> last() {
        List<String> lines = new ArrayList<>();
        for (long i = Math.max(0, count - KEPT); i < count; i++) {
            lines.add(words(ring[(int) (i % KEPT)]));
        }
        return lines;
    }

    private static String words(Line line) {
        String step = Long.toString(line.step());
        String time = Words.seconds(line.at());
        Event event = line.event();
        if (event == null) {
            return words(step, time, "", "", "", line.what());
        }
        String node = event.node() == null
                ? ""
                : event.to() == Actor.HEARTBEATS
                        ? event.node().name()
                        : event.node().label();
        String actor = event.to() == null ? "" : event.to().word();
        String from = event.from() == null ? "" : event.from();
        return words(step, time, node, actor, from, Words.of(event.message()));
    }

    /** Spelled out, since String.format costs more than all the rest of a step. */
    private static String words(String step, String time, String node, String actor, String from, String what) {
        StringBuilder line = new StringBuilder(120);
        line.append(" ".repeat(Math.max(0, 8 - step.length()))).append(step).append("  ");
        line.append(" ".repeat(Math.max(0, 11 - time.length()))).append(time).append("  ");
        padded(line, node, 5);
        padded(line, actor, 9);
        padded(line, from, 12);
        return line.append(what).toString();
    }

    private static void padded(StringBuilder line, String word, int width) {
        line.append(word).append(" ".repeat(Math.max(1, width - word.length())));
    }
}
