package io.murmuration.actor;

import io.murmuration.GroupChange;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Who leads and who belongs to the group, whenever it is another value than the last one. */
final class GroupLine implements WatchStage.Line, GroupSubscriber {
    private final String group;
    private final WatchStage.Hearing<GroupChange> stream;
    private final ActorRef<GatewayMessage> gateway;
    private long seen;

    GroupLine(String group, WatchStage.Hearing<GroupChange> stream, ActorRef<GatewayMessage> gateway) {
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
        gateway.tell(new WatchMessage.AskGroup(this, seen));
    }

    @Override
    public void told(long version, GroupChange change) {
        stream.run(() -> {
            seen = version;
            stream.deliver(List.of(change));
        });
    }

    @Override
    public void closed(String why) {
        stream.run(() -> stream.fail(ChangesLine.closed(group, why)));
    }
}
