package io.murmuration.actor;

import io.murmuration.GroupChange;
import io.murmuration.Indexed;
import io.murmuration.machine.Changed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * The face of a {@link Gateway} for those who watch. Knows all streams that run, so that none is forgotten when the
 * Gateway stops with messages in its mailbox. Thread-safe.
 *
 * @param <S> the type of the state
 */
final class Watching<S> {
    private final String group;
    private final ActorRef<GatewayMessage> gateway;
    private final long bytesMax;
    private final Set<Subscriber> running = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String stopped;

    Watching(String group, ActorRef<GatewayMessage> gateway, long bytesMax) {
        this.group = group;
        this.gateway = gateway;
        this.bytesMax = bytesMax;
    }

    Source<Changed, NotUsed> changes(long from) {
        if (from < 1) {
            throw new IllegalArgumentException(
                    "A group cannot be watched from index " + from + "; the first index is 1.");
        }
        return changesFrom(from);
    }

    Source<Changed, NotUsed> changes() {
        return changesFrom(ChangesLine.NEXT);
    }

    private Source<Changed, NotUsed> changesFrom(long from) {
        if (bytesMax == 0) {
            throw new IllegalStateException("The commands of group " + group + " cannot be watched on this node, since"
                    + " murmuration.watch-bytes-max is 0; raise it.");
        }
        return Source.fromGraph(
                new WatchStage<Changed>(this, stream -> new ChangesLine(group, bytesMax, from, stream, gateway)));
    }

    Source<Indexed<S>, NotUsed> states() {
        return Source.fromGraph(new WatchStage<Indexed<S>>(this, stream -> new StatesLine<>(group, stream, gateway)));
    }

    Source<GroupChange, NotUsed> group() {
        return Source.fromGraph(new WatchStage<GroupChange>(this, stream -> new GroupLine(group, stream, gateway)));
    }

    /** A stream runs. It is closed if the Gateway has stopped, or stops before it has read of it. */
    void join(Subscriber subscriber) {
        running.add(subscriber);
        gateway.tell(new WatchMessage.Join(subscriber));
        String why = stopped;
        if (why != null) {
            subscriber.closed(why);
        }
    }

    void leave(Subscriber subscriber) {
        running.remove(subscriber);
        gateway.tell(new WatchMessage.Leave(subscriber));
    }

    /** On the Gateway's thread, when it has stopped. */
    void stop(String why) {
        stopped = why;
        running.forEach(subscriber -> subscriber.closed(why));
    }
}
