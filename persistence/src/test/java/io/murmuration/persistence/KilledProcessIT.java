package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that appends and says on its standard output what was confirmed is killed at random, again and again; each
 * time, all that it said is there. {@code -Dmurmuration.kills=300} kills it more often than by default.
 */
final class KilledProcessIT {

    private static final int KILLS = Integer.getInteger("murmuration.kills", 12);
    private static final int GROUPS = 4;
    private static final long KEPT = 40;
    private static final long SEGMENT_BYTES = 32 << 10;

    @TempDir
    private Path folder;

    @Test
    void whatWasConfirmedIsThereHoweverOftenTheProcessIsKilled() throws Exception {
        killAgainAndAgain("page-cache");
    }

    @Test
    void whatWasConfirmedIsThereWhenAllThatWasNotForcedIsDropped() throws Exception {
        killAgainAndAgain("forced-only");
    }

    private void killAgainAndAgain(String keeps) throws Exception {
        long seed = Long.getLong("murmuration.seed", System.nanoTime());
        Random random = new Random(seed);
        long[] confirmed = new long[GROUPS];
        long[] deleting = new long[GROUPS];
        long[] copied = new long[GROUPS];
        int said = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            said += runUntilKilled(keeps, random, confirmed, deleting, copied);
            check(confirmed, deleting);
        }

        System.out.println("[kill] keeps=" + keeps + " seed=" + seed + " kills=" + KILLS + " confirmations=" + said);
        assertThat(said).isGreaterThan(KILLS);
        assertThat(LongStream.of(copied).sum()).as("bytes copied forward").isPositive();
    }

    /** Starts the process, kills it a while after its first word, and takes in all that it said. */
    private int runUntilKilled(String keeps, Random random, long[] confirmed, long[] deleting, long[] copied)
            throws Exception {
        Process process = new ProcessBuilder(Appender.command(folder.resolve("n1"), keeps, random.nextLong()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int said = 0;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            long killAt = Long.MAX_VALUE;
            boolean killed = false;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (take(line, confirmed, deleting, copied)) {
                    said++;
                    killAt = killAt == Long.MAX_VALUE
                            ? System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(random.nextInt(200_000))
                            : killAt;
                }
                if (!killed && System.nanoTime() >= killAt) {
                    // Not the process itself, which would close what it said.
                    process.toHandle().destroyForcibly();
                    killed = true;
                }
            }
            assertThat(killed).as("the process ended by itself").isTrue();
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        return said;
    }

    /** Takes in a whole line; the last one may be cut short and ends with no dot then. */
    private static boolean take(String line, long[] confirmed, long[] deleting, long[] copied) {
        List<String> words = List.of(line.split(" ", -1));
        if (words.size() != 4 || !words.get(3).equals(".")) {
            return false;
        }
        boolean stored = words.get(0).equals("stored");
        int group = Integer.parseInt(words.get(1));
        long number = Long.parseLong(words.get(2));
        long[] target = stored ? confirmed : words.get(0).equals("copied") ? copied : deleting;
        target[group] = Math.max(target[group], number);
        return stored;
    }

    private void check(long[] confirmed, long[] deleting) throws Exception {
        try (Storage storage = Storage.open(new LocalDisk(), folder.resolve("n1"), "n1", settings())) {
            for (int group = 0; group < GROUPS; group++) {
                long highest = JournalScript.await(storage.journal().highestSequenceNr("g" + group));
                assertThat(highest).as("group %d", group).isGreaterThanOrEqualTo(confirmed[group]);
                // What was not stored is not deleted, and not left out of the look below.
                deleting[group] = Math.min(deleting[group], highest);
                Map<Long, String> found = new HashMap<>();
                Journal.EventSink sink = (number, event) ->
                        found.put(number, StandardCharsets.UTF_8.decode(event).toString());
                JournalScript.await(
                        storage.journal().replay("g" + group, 1, Long.MAX_VALUE, Long.MAX_VALUE, sink, Runnable::run));
                for (long number = deleting[group] + 1; number <= highest; number++) {
                    assertThat(found.get(number))
                            .as("%d of group %d", number, group)
                            .isEqualTo(text(group, number));
                }
            }
        }
    }

    private static JournalSettings settings() {
        return JournalSettings.of(SEGMENT_BYTES, 1 << 20);
    }

    /** What an event says, by which it is recognized. */
    private static String text(int group, long number) {
        Random random = new Random(number * GROUPS + group);
        return group + ":" + number + ":" + "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 3000 : 200));
    }

    /** The process: appends to all groups, some at a time, deletes all but the newest events, until it is killed. */
    static final class Appender {

        private static final int OUTSTANDING = 16;

        private Appender() {}

        static List<String> command(Path folder, String keeps, long seed) {
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Appender.class.getName(),
                    folder.toString(),
                    keeps,
                    Long.toString(seed));
        }

        public static void main(String[] args) throws Exception {
            Disk local = new LocalDisk();
            Disk disk = args[1].equals("forced-only") ? new UnforcedInMemoryDisk(local) : local;
            Random random = new Random(Long.parseLong(args[2]));
            Storage storage = Storage.open(disk, Path.of(args[0]), "n1", settings());
            long[] ends = new long[GROUPS];
            for (int group = 0; group < GROUPS; group++) {
                ends[group] = JournalScript.await(storage.journal().highestSequenceNr("g" + group));
            }
            long copied = 0;
            Semaphore free = new Semaphore(OUTSTANDING);
            // Nobody is left alone for longer than this, if the parent dies.
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (System.nanoTime() < end) {
                // The last group is quiet: its events live long and are copied forward.
                int group = random.nextInt(20) == 0 ? GROUPS - 1 : random.nextInt(GROUPS - 1);
                free.acquire();
                append(storage.journal(), group, ++ends[group]).whenComplete((done, failure) -> {
                    endIf(failure);
                    free.release();
                });
                if (random.nextInt(10) == 0 && ends[group] > KEPT) {
                    say("deleting", group, ends[group] - KEPT);
                    storage.journal()
                            .deleteTo("g" + group, ends[group] - KEPT)
                            .whenComplete((done, failure) -> endIf(failure));
                }
                if (storage.journal().copiedBytes() > copied) {
                    copied = storage.journal().copiedBytes();
                    say("copied", group, copied);
                }
            }
        }

        /** A journal that has failed is a finding: the parent sees that this process ended by itself. */
        private static void endIf(@Nullable Throwable failure) {
            if (failure != null) {
                failure.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        }

        private static CompletionStage<Void> append(Journal journal, int group, long number) {
            EventBytes event = new EventBytes(new byte[0], text(group, number).getBytes(StandardCharsets.UTF_8));
            return journal.append(List.of(new AtomicAppend("g" + group, number, List.of(event))))
                    .thenRun(() -> say("stored", group, number));
        }

        /** One write to the pipe, which the parent finds whole although this process dies. */
        private static void say(String what, int group, long number) {
            byte[] line = (what + " " + group + " " + number + " .\n").getBytes(StandardCharsets.UTF_8);
            synchronized (System.out) {
                System.out.write(line, 0, line.length);
                System.out.flush();
            }
        }
    }
}
