package io.murmuration.persistence;

import com.typesafe.config.Config;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * The embedded journal as a Pekko Persistence plugin: {@code murmuration.journal}.
 *
 * <p>A thin adapter: events are serialized on the calling thread and handed to the storage engine, which answers when
 * they are durable. It rejects only what was surely not stored; on any doubt the write fails and the persistent actor
 * stops.
 *
 * @since 0.1.0
 */
public final class JournalPlugin extends AsyncWriteJournal {

    private final MurmurationStorage storage;
    private final ReprCodec codec;
    private final Executor replayDispatcher;

    /**
     * Called by Pekko.
     *
     * @param config the configuration of the plugin
     */
    public JournalPlugin(Config config) {
        this.storage = MurmurationStorage.get(context().system());
        this.codec = new ReprCodec(context().system());
        this.replayDispatcher = context().system().dispatchers().lookup(config.getString("replay-dispatcher"));
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        List<Optional<Exception>> results = new ArrayList<>();
        List<AtomicAppend> appends = new ArrayList<>();
        for (AtomicWrite message : messages) {
            results.add(encode(message, appends));
        }
        boolean allAccepted = appends.size() == results.size();
        Iterable<Optional<Exception>> answer = allAccepted ? List.of() : results;
        if (appends.isEmpty()) {
            return Futures.successful(answer);
        }
        return withJournal(journal -> journal.append(appends).thenApply(stored -> answer));
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return withJournal(journal -> journal.deleteTo(persistenceId, toSequenceNr));
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
            String persistenceId,
            long fromSequenceNr,
            long toSequenceNr,
            long max,
            Consumer<PersistentRepr> replayCallback) {
        Journal.EventSink sink = (sequenceNr, event) -> replayCallback.accept(decode(persistenceId, sequenceNr, event));
        return withJournal(
                journal -> journal.replay(persistenceId, fromSequenceNr, toSequenceNr, max, sink, replayDispatcher));
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        return withJournal(journal -> journal.highestSequenceNr(persistenceId));
    }

    /** Adds the encoded write to the list, or says why it is rejected. */
    private Optional<Exception> encode(AtomicWrite message, List<AtomicAppend> appends) {
        try {
            List<EventBytes> events = new ArrayList<>(message.size());
            long expected = message.lowestSequenceNr();
            for (PersistentRepr repr : CollectionConverters.asJava(message.payload())) {
                if (repr.sequenceNr() != expected++) {
                    return Optional.of(new StorageException("The sequence numbers of an atomic write of "
                            + message.persistenceId() + " have a gap before " + repr.sequenceNr()
                            + "; it was not stored."));
                }
                events.add(codec.encode(repr));
            }
            AtomicAppend append = new AtomicAppend(message.persistenceId(), message.lowestSequenceNr(), events);
            if (append.bodyBytes() > AtomicAppend.BYTES_MAX) {
                return Optional.of(new StorageException("An atomic write of " + message.persistenceId() + " takes "
                        + append.bodyBytes() + " bytes, more than " + AtomicAppend.BYTES_MAX
                        + "; it was not stored. Persist less at a time."));
            }
            appends.add(append);
            return Optional.empty();
        } catch (Exception e) {
            return Optional.of(e);
        }
    }

    /**
     * What a serializer throws, which may be an IOException undeclared, ends this recovery; the disk is not to blame.
     */
    private PersistentRepr decode(String persistenceId, long sequenceNr, ByteBuffer event) {
        try {
            return codec.decode(persistenceId, sequenceNr, event);
        } catch (StorageException e) {
            throw e;
        } catch (Exception e) {
            throw new StorageException(
                    "Event " + sequenceNr + " of " + persistenceId + " cannot be decoded (" + e
                            + "); run the version that wrote it.",
                    e);
        }
    }

    private <T> Future<T> withJournal(Function<Journal, CompletionStage<T>> call) {
        try {
            return FutureConverters.asScala(call.apply(storage.opened().journal()));
        } catch (RuntimeException e) {
            return Futures.failed(e);
        }
    }
}
