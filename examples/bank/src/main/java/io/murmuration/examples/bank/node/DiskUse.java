package io.murmuration.examples.bank.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** How much of the disk a folder takes; looked up every two seconds at most. Thread-safe. */
final class DiskUse implements LongSupplier {
    private static final long FRESH_NANOS = 2_000_000_000L;

    private final Path folder;
    private long bytes;
    private long lookedAt = System.nanoTime() - FRESH_NANOS;

    DiskUse(Path folder) {
        this.folder = folder;
    }

    @Override
    public synchronized long getAsLong() {
        long now = System.nanoTime();
        if (now - lookedAt >= FRESH_NANOS) {
            bytes = measure();
            lookedAt = now;
        }
        return bytes;
    }

    private long measure() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(DiskUse::size).sum();
        } catch (IOException | UncheckedIOException gone) {
            return bytes;
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
