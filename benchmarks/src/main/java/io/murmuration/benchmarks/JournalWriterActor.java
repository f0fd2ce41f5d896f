package io.murmuration.benchmarks;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.StoreRecord;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesSuccess;

/** Persists what it is sent, answers when that is durable, and deletes behind itself. */
final class JournalWriterActor extends AbstractPersistentActor {
    private final String id;
    private final long keptBytes;
    private long bytes;
    private long deletableTo;

    private JournalWriterActor(String id, long keptBytes) {
        this.id = id;
        this.keptBytes = keptBytes;
    }

    static Props props(String id, long keptBytes) {
        return Props.create(JournalWriterActor.class, () -> new JournalWriterActor(id, keptBytes));
    }

    /** Persists a batch as a replica does; the answer comes from the actor's thread when it is durable. */
    record Write(StoreRecord.EntriesAppended batch, CompletableFuture<Void> answer) {}

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
                .match(Write.class, this::write)
                .match(DeleteMessagesSuccess.class, done -> {})
                .build();
    }

    private void write(Write write) {
        persistAsync(write.batch(), stored -> write.answer().complete(null));
        for (Entry entry : write.batch().entries()) {
            bytes += entry.size();
        }
        if (bytes > keptBytes) {
            deleteMessages(deletableTo);
            deletableTo = lastSequenceNr();
            bytes = 0;
        }
    }

    @Override
    public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
        throw new IllegalStateException("The journal does not take event " + sequenceNr + ".", cause);
    }
}
