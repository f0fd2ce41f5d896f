package io.murmuration.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The least that a synced append can cost on a disk: one write into a file of zeros, and one force. */
final class BareLoop {
    private static final int FILE_BYTES = 64 << 20;

    private BareLoop() {}

    /**
     * What came out.
     *
     * @param perSecond forces per second
     * @param p50 microseconds
     * @param p99 microseconds
     */
    record Measured(double perSecond, long p50, long p99) {}

    /** Writes and forces for a time, so many bytes each time, over and over the same file. */
    static Measured run(Path file, int bytes, boolean preallocated, Duration time) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        Histogram nanos = new Histogram(TimeUnit.MINUTES.toNanos(5), 3);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            if (preallocated) {
                ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
                for (int at = 0; at < FILE_BYTES; at += zeros.capacity()) {
                    writeFully(channel, zeros.clear(), at);
                }
                channel.force(true);
            }
            long start = System.nanoTime();
            long now = start;
            long position = 0;
            while (now - start < time.toNanos()) {
                writeFully(channel, buffer.clear(), position);
                channel.force(false);
                position += bytes;
                position = preallocated && position + bytes > FILE_BYTES ? 0 : position;
                long end = System.nanoTime();
                nanos.recordValue(Math.min(end - now, nanos.getHighestTrackableValue()));
                now = end;
            }
            return new Measured(
                    nanos.getTotalCount() * 1e9 / (now - start),
                    nanos.getValueAtPercentile(50) / 1_000,
                    nanos.getValueAtPercentile(99) / 1_000);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            at += channel.write(source, at);
        }
    }
}
