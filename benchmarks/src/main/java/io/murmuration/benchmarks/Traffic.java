package io.murmuration.benchmarks;

import io.murmuration.actor.LinkTraffic;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.remote.artery.RemoteInstrument;

/**
 * Counts what a process sends to others, through Artery and beside it: named to Pekko as a remote instrument, of which
 * each stream makes its own, so the sums are the process's. Thread-safe.
 */
public final class Traffic extends RemoteInstrument {
    private static final byte IDENTIFIER = 21;
    private static final LongAdder TOGETHER = new LongAdder();
    private static final LongAdder GROUPS = new LongAdder();
    private static final LongAdder OTHERS = new LongAdder();
    private static final LongAdder BYTES = new LongAdder();

    static {
        LinkTraffic.tell((path, bytes) -> count("/murmuration/" + path, bytes));
    }

    /** Made by Pekko. */
    public Traffic() {}

    /**
     * So far, separated by spaces.
     *
     * @return messages that carry the beats of many groups, other messages of groups, all others, and bytes in all
     */
    static String counts() {
        return TOGETHER.sum() + " " + GROUPS.sum() + " " + OTHERS.sum() + " " + BYTES.sum();
    }

    @Override
    public byte identifier() {
        return IDENTIFIER;
    }

    @Override
    public void remoteWriteMetadata(ActorRef recipient, Object message, ActorRef sender, ByteBuffer buffer) {
        // Nothing travels with the messages.
    }

    @Override
    public void remoteReadMetadata(ActorRef recipient, Object message, ActorRef sender, ByteBuffer buffer) {
        // Nothing travels with the messages.
    }

    @Override
    public void remoteMessageSent(ActorRef recipient, Object message, ActorRef sender, int size, long time) {
        count(recipient == null ? "" : recipient.path().toString(), size);
    }

    private static void count(String path, int size) {
        LongAdder kind = !path.contains("/murmuration/") ? OTHERS : path.contains("/~heartbeats") ? TOGETHER : GROUPS;
        kind.increment();
        BYTES.add(size);
    }

    @Override
    public void remoteMessageReceived(ActorRef recipient, Object message, ActorRef sender, int size, long time) {
        // Each message is counted where it is sent.
    }
}
