package io.murmuration.benchmarks.rules;

import io.murmuration.persistence.BareEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The journal's storage engine appends events of 4 KiB, which is a batch of some 40 small commands, into the temporary
 * folder ({@code java.io.tmpdir}). A step is one durable event; of several that are handed over at once, all are forced
 * together.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class JournalAppendBenchmark {
    private static final byte[] EVENT = new byte[4096];
    private static final long KEPT_BYTES = 64L << 20;
    private static final int TOGETHER = 16;

    private Path folder;
    private BareEngine engine;

    /** Made by JMH. */
    @SuppressWarnings("NullAway.Init") // What it has is made by open(), which JMH calls first.
    public JournalAppendBenchmark() {}

    /** Opens a journal. */
    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("murmuration-rules");
        engine = BareEngine.open(folder.resolve("journal"), 1, KEPT_BYTES);
    }

    /** Deletes it. */
    @TearDown
    public void close() throws IOException {
        engine.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** One after the other. */
    @Benchmark
    public void append() {
        engine.append(0, EVENT).toCompletableFuture().join();
    }

    /** Sixteen at a time. */
    @Benchmark
    @OperationsPerInvocation(TOGETHER)
    public void appendTogether() {
        CompletableFuture<?>[] stored = new CompletableFuture<?>[TOGETHER];
        for (int i = 0; i < TOGETHER; i++) {
            stored[i] = engine.append(0, EVENT).toCompletableFuture();
        }
        CompletableFuture.allOf(stored).join();
    }
}
