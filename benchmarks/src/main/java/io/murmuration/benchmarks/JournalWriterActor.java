package io.murmuration.benchmarks;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;

/** Persists whatever it is sent, and answers when that is durable. */
final class JournalWriterActor extends AbstractPersistentActor {
    private final String id;

    private JournalWriterActor(String id) {
        this.id = id;
    }

    static Props props(String id) {
        return Props.create(JournalWriterActor.class, () -> new JournalWriterActor(id));
    }

    /** Persists an event; the answer comes from the actor's thread when it is durable. */
    @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
    record Write(byte[] event, CompletableFuture<Void> answer) {}

    /** Deletes everything. */
    record Forget() {}

    @Override
    public String persistenceId() {
        return id;
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder().matchAny(event -> {}).build();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(
                        Write.class,
                        write -> persistAsync(
                                write.event(), event -> write.answer().complete(null)))
                .match(Forget.class, forget -> deleteMessages(lastSequenceNr()))
                .build();
    }

    @Override
    public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
        throw new IllegalStateException("The journal does not take event " + sequenceNr + ".", cause);
    }
}
