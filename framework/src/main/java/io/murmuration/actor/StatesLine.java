package io.murmuration.actor;

import io.murmuration.Indexed;
import io.murmuration.core.apply.Question;
import io.murmuration.core.apply.Told;
import io.murmuration.core.apply.Watcher;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The newest state, whenever it is another one than that of the last answer.
 *
 * @param <S> the type of the state
 */
final class StatesLine<S> implements WatchStage.Line, Watcher {
    private static final long NONE = -1;

    private final String group;
    private final WatchStage.Hearing<Indexed<S>> stream;
    private final ActorRef<GatewayMessage> gateway;
    private long seen = NONE;
    private long number;

    StatesLine(String group, WatchStage.Hearing<Indexed<S>> stream, ActorRef<GatewayMessage> gateway) {
        this.group = group;
        this.stream = stream;
        this.gateway = gateway;
    }

    /** No: what was fetched before it is wanted would be old when it is. */
    @Override
    public boolean asksAtOnce() {
        return false;
    }

    @Override
    public void ask() {
        number++;
        gateway.tell(new WatchMessage.Ask(this, new Question.Newest(this, number, seen)));
    }

    @Override
    public void told(long answered, Told told) {
        stream.run(() -> hear(answered, told));
    }

    private void hear(long answered, Told told) {
        if (answered == number && told instanceof Told.State newest) {
            number++;
            seen = newest.index();
            stream.deliver(List.of(new Indexed<>(newest.index(), stateOf(newest))));
        }
    }

    @SuppressWarnings(
            "unchecked") // the Machine of this group holds states of the machine that the replica was made with
    private S stateOf(Told.State newest) {
        return (S) newest.state();
    }

    @Override
    public void closed(String why) {
        stream.run(() -> stream.fail(ChangesLine.closed(group, why)));
    }
}
