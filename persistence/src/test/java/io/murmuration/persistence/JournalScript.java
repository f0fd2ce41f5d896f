package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * A fixed series of writes, deletions and restarts on a faulty disk, and what must be found after it was cut short.
 *
 * <p>Each step waits for its answer, so at most one step is unconfirmed when a fault ends the run.
 */
final class JournalScript {

    static final Path PARENT = Path.of("/disk");
    static final Path FOLDER = PARENT.resolve("n1");
    static final Path JOURNAL = FOLDER.resolve("journal");

    private final Supplier<? extends Checksum> checksums;
    private final List<Step> steps;

    /** One step of the script. */
    sealed interface Step {
        record Write(List<AtomicAppend> appends) implements Step {}

        record Delete(String persistenceId, long to) implements Step {}

        record Restart() implements Step {}
    }

    /** What is known of one persistence id: the highest number ever, and the live events. */
    record View(long highest, List<String> events) {}

    /**
     * What a run has confirmed.
     *
     * @param allowed every content of the journal that would be right: what was confirmed, and that with each part of
     *     the unconfirmed step that may stand alone
     * @param confirmed the number of confirmed steps
     * @param failure what ended the run, or null
     * @param copiedBytes how much was copied forward
     */
    record Outcome(
            List<Map<String, View>> allowed,
            int confirmed,
            @Nullable Throwable failure,
            long copiedBytes) {}

    JournalScript(long seed, int length) {
        this(seed, length, CRC32C::new);
    }

    JournalScript(long seed, int length, Supplier<? extends Checksum> checksums) {
        this(randomSteps(new Random(seed), length), checksums);
    }

    JournalScript(List<Step> steps) {
        this(steps, CRC32C::new);
    }

    private JournalScript(List<Step> steps, Supplier<? extends Checksum> checksums) {
        this.checksums = checksums;
        this.steps = List.copyOf(steps);
    }

    private static List<Step> randomSteps(Random random, int length) {
        List<String> ids = List.of("murmuration|bank|n1", "a", "quiet");
        Map<String, Long> ends = new TreeMap<>();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            String id = i == 2 ? "quiet" : ids.get(random.nextInt(2));
            int dice = random.nextInt(10);
            if (dice < 6 || i < 3) {
                steps.add(new Step.Write(randomAppends(random, id, ends)));
            } else if (dice < 9) {
                long end = ends.getOrDefault(id, 0L);
                steps.add(new Step.Delete(id, dice == 6 ? Long.MAX_VALUE : Math.max(0, end - random.nextInt(4))));
            } else {
                steps.add(new Step.Restart());
            }
        }
        return steps;
    }

    private static List<AtomicAppend> randomAppends(Random random, String id, Map<String, Long> ends) {
        List<AtomicAppend> appends = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String each = i == 1 && !id.equals("quiet") ? "a" : id;
            // A rejected event leaves a gap in the numbers.
            long first = ends.getOrDefault(each, 0L) + 1 + (random.nextInt(5) == 0 ? 1 : 0);
            List<EventBytes> events = new ArrayList<>();
            int size = 1 + random.nextInt(3);
            for (int k = 0; k < size; k++) {
                byte[] payload = new byte[random.nextInt(random.nextInt(8) == 0 ? 900 : 60)];
                random.nextBytes(payload);
                events.add(new EventBytes(new byte[] {(byte) k}, payload));
            }
            appends.add(new AtomicAppend(each, first, events));
            ends.put(each, first + size - 1);
        }
        return appends;
    }

    /** Small sizes, so that a short script fills and removes segments. */
    JournalSettings settings() {
        long[] salt = {0x5EED};
        return new JournalSettings(1500, 1 << 20, 4096, 600, checksums, () -> salt[0] += 0x9E37_79B9L);
    }

    Storage open(FaultyDisk disk) {
        return Storage.open(disk, FOLDER, "n1", settings());
    }

    static FaultyDisk emptyDisk() {
        return new FaultyDisk(PARENT, Path.of("/"));
    }

    /** Runs the script until it ends or something fails. */
    Outcome run(FaultyDisk disk) {
        Map<String, View> confirmed = new TreeMap<>();
        int done = 0;
        long copiedBytes = 0;
        @Nullable Throwable failure = null;
        @Nullable Storage storage = null;
        @Nullable Step running = null;
        try {
            storage = open(disk);
            for (Step step : steps) {
                running = step;
                if (step instanceof Step.Restart) {
                    copiedBytes += storage.journal().copiedBytes();
                    storage.close();
                    failure = failure == null ? storage.journal().failure() : failure;
                    storage = open(disk);
                } else {
                    await(issue(storage.journal(), step));
                    confirmed = after(confirmed, step, Integer.MAX_VALUE);
                }
                running = null;
                done++;
            }
            copiedBytes += storage.journal().copiedBytes();
            storage.close();
            // It may fail behind the last answer.
            failure = failure == null ? storage.journal().failure() : failure;
            return new Outcome(List.of(confirmed), done, failure, copiedBytes);
        } catch (FaultyDisk.Crashed | StorageException | IOException | ExecutionException e) {
            return new Outcome(allowed(confirmed, running), done, e, copiedBytes);
        } finally {
            closeQuietly(storage);
        }
    }

    private static List<Map<String, View>> allowed(Map<String, View> confirmed, @Nullable Step running) {
        List<Map<String, View>> allowed = new ArrayList<>();
        allowed.add(confirmed);
        if (running instanceof Step.Write write) {
            for (int parts = 1; parts <= write.appends().size(); parts++) {
                allowed.add(after(confirmed, running, parts));
            }
        } else if (running instanceof Step.Delete) {
            allowed.add(after(confirmed, running, 1));
        }
        return allowed;
    }

    private static Map<String, View> after(Map<String, View> before, Step step, int parts) {
        Map<String, View> after = new TreeMap<>(before);
        if (step instanceof Step.Write write) {
            write.appends().stream()
                    .limit(parts)
                    .forEach(append -> after.merge(append.persistenceId(), viewOf(append), (old, added) -> {
                        List<String> events = new ArrayList<>(old.events());
                        events.addAll(added.events());
                        return new View(added.highest(), events);
                    }));
        } else if (step instanceof Step.Delete delete) {
            after.computeIfPresent(
                    delete.persistenceId(),
                    (id, old) -> new View(
                            old.highest(),
                            old.events().stream()
                                    .filter(event ->
                                            Long.parseLong(event.substring(0, event.indexOf(':'))) > delete.to())
                                    .toList()));
        }
        return after;
    }

    private static View viewOf(AtomicAppend append) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < append.events().size(); i++) {
            EventBytes event = append.events().get(i);
            ByteBuffer bytes =
                    ByteBuffer.allocate(event.size()).put(event.head()).put(event.payload());
            events.add(describe(append.first() + i, bytes.flip()));
        }
        return new View(append.last(), events);
    }

    private static String describe(long sequenceNr, ByteBuffer event) {
        byte[] bytes = new byte[event.remaining()];
        event.get(bytes);
        return sequenceNr + ":" + java.util.HexFormat.of().formatHex(bytes);
    }

    private static CompletionStage<Void> issue(Journal journal, Step step) {
        if (step instanceof Step.Write write) {
            return journal.append(write.appends());
        }
        Step.Delete delete = (Step.Delete) step;
        return journal.deleteTo(delete.persistenceId(), delete.to());
    }

    /** What a journal says it holds. */
    static Map<String, View> read(Storage storage) throws ExecutionException {
        Map<String, View> found = new TreeMap<>();
        for (String id : List.of("murmuration|bank|n1", "a", "quiet")) {
            long highest = await(storage.journal().highestSequenceNr(id));
            List<String> events = new ArrayList<>();
            Journal.EventSink sink = (sequenceNr, event) -> events.add(describe(sequenceNr, event));
            await(storage.journal().replay(id, 1, Long.MAX_VALUE, Long.MAX_VALUE, sink, Runnable::run));
            if (highest > 0) {
                found.put(id, new View(highest, events));
            }
        }
        return found;
    }

    /** Opens the disk, reads everything, writes one more event, opens again and finds it: the journal can go on. */
    Map<String, View> reopenAndGoOn(FaultyDisk disk) throws IOException, ExecutionException {
        Map<String, View> found;
        try (Storage storage = open(disk)) {
            found = read(storage);
            Map<String, View> first = found;
            View bank = first.getOrDefault("a", new View(0, List.of()));
            AtomicAppend more = new AtomicAppend(
                    "a", bank.highest() + 1, List.of(new EventBytes(new byte[] {1}, new byte[] {2, 3})));
            await(storage.journal().append(List.of(more)));
            Map<String, View> expected = after(first, new Step.Write(List.of(more)), 1);
            if (!read(storage).equals(expected)) {
                throw new AssertionError("the journal does not hold what it has just confirmed");
            }
            try (Storage again = open(disk.afterPowerFailure(DiskImage.Outage.DROP_UNFORCED, 1))) {
                if (!read(again).equals(expected)) {
                    throw new AssertionError("a power failure after recovery loses what was confirmed or read");
                }
            }
        }
        return found;
    }

    static <T> T await(CompletionStage<T> stage) throws ExecutionException {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the journal did not answer in 20 s", e);
        }
    }

    static void closeQuietly(@Nullable Storage storage) {
        if (storage != null) {
            try {
                storage.close();
            } catch (FaultyDisk.Crashed | IOException e) {
                // The run is over; what counts is what the disk holds.
            }
        }
    }
}
