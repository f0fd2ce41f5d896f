package io.murmuration.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The storage engine without Pekko, for benchmarks; in the engine's package, since nobody else is to write past the
 * plugin. Deletes behind itself as replicas do that take snapshots, so that segments are recycled. Thread-safe.
 */
public final class BareEngine implements AutoCloseable {
    private static final byte[] HEAD = new byte[40];

    private final Journal journal;
    private final long keptBytes;
    private final List<Stream> streams = new ArrayList<>();

    private BareEngine(Journal journal, long keptBytes) {
        this.journal = journal;
        this.keptBytes = keptBytes;
    }

    /**
     * Opens a journal in a new folder.
     *
     * @param folder where; it does not exist yet
     * @param groups how many persistence ids write to it
     * @param keptBytes so many bytes of each stay behind
     * @return the engine, to be closed
     * @throws IOException if the folder cannot be used
     */
    public static BareEngine open(Path folder, int groups, long keptBytes) throws IOException {
        JournalSettings settings =
                JournalSettings.of(JournalSettings.SEGMENT_BYTES_DEFAULT, JournalSettings.QUEUE_BYTES_DEFAULT);
        Journal journal = Journal.open(new LocalDisk(), Files.createDirectory(folder), UUID.randomUUID(), settings);
        BareEngine engine = new BareEngine(journal, keptBytes);
        for (int i = 0; i < groups; i++) {
            engine.streams.add(engine.new Stream("engine|" + i));
        }
        return engine;
    }

    /**
     * Stores one event.
     *
     * @param group whose it is, from 0
     * @param event its bytes
     * @return completes when it is durable, on the writer's thread
     */
    public CompletionStage<Void> append(int group, byte[] event) {
        return streams.get(group).append(event);
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    /** The events of one persistence id: they are queued in the order of their numbers, whoever asks. */
    private final class Stream {
        private final String persistenceId;
        private long last;
        private long bytes;
        private long deletableTo;

        Stream(String persistenceId) {
            this.persistenceId = persistenceId;
        }

        synchronized CompletionStage<Void> append(byte[] event) {
            last++;
            bytes += event.length;
            CompletionStage<Void> stored = journal.append(
                    List.of(new AtomicAppend(persistenceId, last, List.of(new EventBytes(HEAD, event)))));
            if (bytes > keptBytes) {
                CompletionStage<Void> unused = journal.deleteTo(persistenceId, deletableTo);
                deletableTo = last;
                bytes = 0;
            }
            return stored;
        }
    }
}
