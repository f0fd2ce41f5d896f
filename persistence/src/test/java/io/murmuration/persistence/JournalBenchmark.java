package io.murmuration.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Durable appends per second through the engine, beside a bare loop of write and force on a preallocated file of the
 * same disk. Run it with the folder to use; each line is a round of two seconds, bare and journal in turn.
 */
public final class JournalBenchmark {

    private static final int EVENT_BYTES = 64;
    private static final int ROUNDS = 3;
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int SAMPLES_MAX = 1 << 22;

    private final long[] samples = new long[SAMPLES_MAX];

    private JournalBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args the folder in which files are made and removed
     * @throws IOException if the disk fails
     */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(args.length > 0 ? args[0] : "target"), "benchmark");
        new JournalBenchmark().run(folder);
    }

    private void run(Path folder) throws Exception {
        JournalSettings settings =
                JournalSettings.of(JournalSettings.SEGMENT_BYTES_DEFAULT, JournalSettings.QUEUE_BYTES_DEFAULT);
        try (Storage storage = Storage.open(new LocalDisk(), folder.resolve("n1"), "n1", settings)) {
            AtomicLong sequenceNr = new AtomicLong();
            for (int round = 0; round < ROUNDS; round++) {
                for (int batch : new int[] {1, 16, 64, 256}) {
                    bare(folder.resolve("bare"), batch);
                    journal(storage.journal(), sequenceNr, batch);
                }
            }
        }
    }

    private void bare(Path file, int batch) throws IOException {
        int bytes = batch * (int) RecordFrame.framedBytes(EventsBody.HEAD_BYTES + Integer.BYTES + EVENT_BYTES);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (int i = 0; i < 64; i++) {
                channel.write(zeros.clear(), (long) i << 20);
            }
            channel.force(true);
            int count = 0;
            long position = 0;
            long start = System.nanoTime();
            long now = start;
            while (now - start < ROUND_NANOS && count < SAMPLES_MAX) {
                channel.write(buffer.clear(), position);
                channel.force(false);
                position = (position + bytes) % (60L << 20);
                long end = System.nanoTime();
                samples[count++] = end - now;
                now = end;
            }
            report("bare", batch, count, (long) count * batch, now - start);
        }
    }

    private void journal(Journal journal, AtomicLong sequenceNr, int outstanding) throws InterruptedException {
        Semaphore free = new Semaphore(outstanding);
        AtomicInteger done = new AtomicInteger();
        List<EventBytes> event = List.of(new EventBytes(new byte[0], new byte[EVENT_BYTES]));
        long start = System.nanoTime();
        while (System.nanoTime() - start < ROUND_NANOS) {
            free.acquire();
            long begin = System.nanoTime();
            journal.append(List.of(new AtomicAppend("bench", sequenceNr.incrementAndGet(), event)))
                    .whenComplete((stored, failure) -> {
                        int index = done.getAndIncrement();
                        if (index < SAMPLES_MAX) {
                            samples[index] = System.nanoTime() - begin;
                        }
                        free.release();
                    });
        }
        free.acquire(outstanding);
        report("journal", outstanding, Math.min(SAMPLES_MAX, done.get()), done.get(), System.nanoTime() - start);
    }

    private void report(String what, int batch, int count, long events, long nanos) {
        long[] sorted = Arrays.copyOf(samples, count);
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%-8s outstanding=%-4d events/s=%-9.0f p50=%d us p99=%d us%n",
                what,
                batch,
                events * 1e9 / nanos,
                sorted[count / 2] / 1000,
                sorted[(int) (count * 0.99)] / 1000);
    }
}
