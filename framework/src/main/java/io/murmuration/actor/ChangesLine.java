package io.murmuration.actor;

import io.murmuration.WatchException;
import io.murmuration.core.apply.Question;
import io.murmuration.core.apply.Told;
import io.murmuration.core.apply.Watcher;
import io.murmuration.machine.Changed;
import java.util.Locale;
import org.apache.pekko.actor.typed.ActorRef;

/** Commands, from an index on: keeps the cursor of one run. */
final class ChangesLine implements WatchStage.Line, Watcher {
    /** Begins behind what is applied when the stream is run. */
    static final long NEXT = 0;

    private final String group;
    private final long bytesMax;
    private final WatchStage.Hearing<Changed> stream;
    private final ActorRef<GatewayMessage> gateway;
    private long cursor;
    private long number;
    private boolean inRange;

    ChangesLine(
            String group,
            long bytesMax,
            long from,
            WatchStage.Hearing<Changed> stream,
            ActorRef<GatewayMessage> gateway) {
        this.group = group;
        this.bytesMax = bytesMax;
        this.cursor = from;
        this.stream = stream;
        this.gateway = gateway;
    }

    @Override
    public boolean asksAtOnce() {
        return true;
    }

    @Override
    public void ask() {
        number++;
        Question question =
                cursor == NEXT ? new Question.Position(this, number) : new Question.Changes(this, number, cursor);
        gateway.tell(new WatchMessage.Ask(this, question));
    }

    @Override
    public void told(long answered, Told told) {
        stream.run(() -> hear(answered, told));
    }

    private void hear(long answered, Told told) {
        if (answered != number) {
            return;
        }
        number++;
        if (told instanceof Told.Changes changes) {
            inRange = true;
            cursor = changes.next();
            stream.deliver(changes.changes());
        } else if (told instanceof Told.Forgotten forgotten) {
            stream.fail(inRange && forgotten.folded() ? slow(forgotten) : compacted(forgotten));
        }
    }

    private WatchException slow(Told.Forgotten forgotten) {
        return new WatchException.SlowSubscriber(
                String.format(
                        Locale.ROOT,
                        "The watcher of group %s was too slow: it would go on at index %,d, but this node remembers"
                                + " only what it applied from index %,d on. Read the state and watch from the index"
                                + " behind it; or raise murmuration.watch-bytes-max (%,d).",
                        group,
                        forgotten.from(),
                        forgotten.oldest(),
                        bytesMax),
                forgotten.from(),
                forgotten.oldest());
    }

    private WatchException compacted(Told.Forgotten forgotten) {
        return new WatchException.Compacted(
                String.format(
                        Locale.ROOT,
                        "Group %s cannot be watched from index %,d on this node, which %s: it remembers what it applied"
                                + " from index %,d on. Read the state and watch from the index behind it.",
                        group,
                        forgotten.from(),
                        forgotten.folded() ? "has applied more since" : "took that over as part of a snapshot",
                        forgotten.oldest()),
                forgotten.from(),
                forgotten.oldest());
    }

    @Override
    public void closed(String why) {
        stream.run(() -> stream.fail(closed(group, why)));
    }

    static WatchException closed(String group, String why) {
        return new WatchException.Closed("Group " + group + " is not watched on this node any more: " + why);
    }
}
