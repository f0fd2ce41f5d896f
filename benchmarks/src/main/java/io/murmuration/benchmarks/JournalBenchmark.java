package io.murmuration.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.benchmarks.JournalWindow.Rate;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.persistence.BareEngine;
import io.murmuration.persistence.MurmurationStorage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.SerializationExtension;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Persistent actors write to the embedded journal in one process, beside a bare loop on the same disk. */
@Command(
        name = "run journal",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures durable events through Pekko Persistence and the embedded journal.")
final class JournalBenchmark implements Callable<Integer> {
    /** What a record takes besides its event, nearly: the frame, the plugin's head with the writer's uuid. */
    private static final int OVERHEAD_BYTES = 120;

    private static final int LOAD_BYTES = 8 << 10;

    /** What a journal keeps while it is written to: less than two segments, so that the third is one that was used. */
    private static final long KEPT_BYTES = 64L << 20;

    /**
     * One journal's work.
     *
     * @param groups persistence ids that are written to
     * @param writers writes of each that are open
     * @param batch entries in each write
     */
    private record Case(int groups, int writers, int batch) {
        int open() {
            return groups * writers;
        }

        /** Entries of one force: of two writes of a group one waits while the other is forced. */
        int forcedTogether() {
            return groups * (writers == 2 ? 1 : writers) * batch;
        }
    }

    /** A replica hands over batches of its log, two at a time at most; the case of 64 writers does without batches. */
    private static final List<Case> CASES = List.of(
            new Case(1, 1, 1),
            new Case(1, 2, 1),
            new Case(1, 64, 1),
            new Case(64, 1, 1),
            new Case(1, 1, 16),
            new Case(1, 2, 16),
            new Case(1, 2, 64),
            new Case(1, 2, 256),
            new Case(64, 1, 16));

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--payloads", split = ",", description = "Bytes of an entry's command (default ${DEFAULT-VALUE}).")
    private List<Integer> payloads = List.of(64, 1024);

    @Option(names = "--seconds", description = "Length of a window (default ${DEFAULT-VALUE}).")
    private double seconds = 5;

    @Option(names = "--warm-up", description = "Seconds of load before the first window (default ${DEFAULT-VALUE}).")
    private double warmUp = 5;

    @Option(
            names = "--recover",
            description = "Mebibytes of log of which the recovery is measured at the end (default: none).")
    private int recover;

    @Option(names = "--dir", description = "A folder on the disk to measure (default: the temporary folder).")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    private JournalBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), arguments));
    }

    static int run(PrintWriter out, String... arguments) {
        return new CommandLine(new JournalBenchmark()).setOut(out).execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Path place = Files.createTempDirectory(folder, "murmuration-journal");
        try {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("benchmark", "journal");
            report.put("preallocation", preallocation(place, out));
            List<JournalWindow> windows = windows(place, out);
            report.put("windows", windows);
            if (recover > 0) {
                report.put("recovery", recovery(place, out));
            }
            out.println(new ObjectMapper().writeValueAsString(report));
            return windows.stream().allMatch(window -> window.failures() == 0) ? 0 : 1;
        } finally {
            delete(place);
        }
    }

    /** What zeros that were forced before are worth to a small synced append. */
    private Map<String, Long> preallocation(Path place, PrintWriter out) throws IOException {
        Duration time = Duration.ofMillis((long) (seconds * 1_000));
        BareLoop.Measured grown = BareLoop.run(place.resolve("bare"), 200, false, time);
        BareLoop.Measured zeros = BareLoop.run(place.resolve("bare"), 200, true, time);
        out.println("one synced append of 200 bytes, p50: " + grown.p50() + " us in a file that grows, " + zeros.p50()
                + " us in one of zeros");
        return Map.of("growingP50", grown.p50(), "zerosP50", zeros.p50());
    }

    private List<JournalWindow> windows(Path place, PrintWriter out) throws Exception {
        List<JournalWindow> windows = new ArrayList<>();
        inSystem(place, system -> {
            List<ActorRef> writers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                writers.add(system.actorOf(JournalWriterActor.props("benchmark|" + i, KEPT_BYTES / 64)));
            }
            Recorder.Measured unused = load(writers, 1, batch(16, 64), Duration.ofMillis((long) (warmUp * 1_000)));
            out.println(JournalWindow.HEAD);
            for (int payload : payloads) {
                for (Case each : CASES) {
                    windows.add(measure(system, place, writers.subList(0, each.groups()), each, payload));
                    out.println(windows.get(windows.size() - 1).row());
                }
            }
        });
        return windows;
    }

    private JournalWindow measure(ActorSystem system, Path place, List<ActorRef> writers, Case work, int payload)
            throws Exception {
        StoreRecord.EntriesAppended record = batch(work.batch(), payload);
        byte[] encoded = SerializationExtension.get(system).serialize(record).get();
        int bytes = (encoded.length + OVERHEAD_BYTES) * work.forcedTogether() / work.batch();
        BareLoop.Measured bare = BareLoop.run(place.resolve("bare"), bytes, true, windowTime());
        Recorder.Measured engine = engine(place, work, encoded);
        Recorder.Measured measured = load(writers, work.writers(), record, windowTime());
        return new JournalWindow(
                work.groups(),
                work.writers(),
                work.batch(),
                payload,
                Rate.of(measured.perSecond() * work.batch(), measured.p50(), measured.p99()),
                Rate.of(engine.perSecond() * work.batch(), engine.p50(), engine.p99()),
                Rate.of(bare.perSecond() * work.forcedTogether(), bare.p50(), bare.p99()),
                measured.failures() + engine.failures());
    }

    private Duration windowTime() {
        return Duration.ofMillis((long) (seconds * 1_000));
    }

    /** The engine alone, in a folder of its own, warm before it is measured. */
    private Recorder.Measured engine(Path place, Case work, byte[] event) throws Exception {
        Path engineFolder = place.resolve("engine");
        try (BareEngine engine = BareEngine.open(engineFolder, work.groups(), KEPT_BYTES / work.groups())) {
            AtomicInteger turn = new AtomicInteger();
            Supplier<CompletionStage<?>> write =
                    () -> engine.append(Math.floorMod(turn.getAndIncrement(), work.groups()), event);
            Recorder.Measured unused =
                    run(new ClosedLoop(write), work.open(), windowTime().dividedBy(2));
            return run(new ClosedLoop(write), work.open(), windowTime());
        } finally {
            delete(engineFolder);
        }
    }

    private static StoreRecord.EntriesAppended batch(int entries, int payload) {
        Encoded command = new Encoded(1, "C", new byte[payload]);
        return new StoreRecord.EntriesAppended(IntStream.rangeClosed(1, entries)
                .mapToObj(i -> new Entry(new EntryId(i, 1), 1, new Payload.Proposed(1, i, i, command)))
                .toList());
    }

    private static Recorder.Measured load(
            List<ActorRef> writers, int writersOfEach, StoreRecord.EntriesAppended record, Duration time)
            throws Exception {
        AtomicInteger turn = new AtomicInteger();
        ClosedLoop loop = new ClosedLoop(() -> {
            CompletableFuture<Void> answer = new CompletableFuture<>();
            int writer = Math.floorMod(turn.getAndIncrement(), writers.size());
            writers.get(writer).tell(new JournalWriterActor.Write(record, answer), ActorRef.noSender());
            return answer;
        });
        return run(loop, writers.size() * writersOfEach, time);
    }

    private static Recorder.Measured run(ClosedLoop loop, int open, Duration time) throws Exception {
        return loop.run(open, time).toCompletableFuture().get(time.toSeconds() + 60, TimeUnit.SECONDS);
    }

    /** Fills a log, closes it, and measures how long it takes to open it again, and to read its files bare. */
    private Map<String, Object> recovery(Path place, PrintWriter out) throws Exception {
        Path big = Files.createDirectory(place.resolve("big"));
        long events = ((long) recover << 20) / (LOAD_BYTES + OVERHEAD_BYTES);
        inSystem(big, system -> {
            List<ActorRef> writers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                writers.add(system.actorOf(JournalWriterActor.props("recovery|" + i, Long.MAX_VALUE)));
            }
            StoreRecord.EntriesAppended load = batch(1, LOAD_BYTES);
            for (long done = 0; done < events; done += 128) {
                List<CompletableFuture<Void>> answers = new ArrayList<>();
                for (int i = 0; i < 128; i++) {
                    CompletableFuture<Void> answer = new CompletableFuture<>();
                    answers.add(answer);
                    writers.get(i % 16).tell(new JournalWriterActor.Write(load, answer), ActorRef.noSender());
                }
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .get(60, TimeUnit.SECONDS);
            }
        });
        long start = System.nanoTime();
        long bytes = readAll(big.resolve("n1").resolve("journal"));
        double bare = (System.nanoTime() - start) / 1e9;
        double[] opened = new double[1];
        inSystem(big, system -> {
            long begin = System.nanoTime();
            MurmurationStorage.get(system).open();
            opened[0] = (System.nanoTime() - begin) / 1e9;
        });
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("mebibytes", bytes >> 20);
        figures.put("events", events);
        figures.put("secondsToOpen", Math.round(opened[0] * 1_000) / 1e3);
        figures.put("secondsToReadTheFiles", Math.round(bare * 1_000) / 1e3);
        out.println("recovery: " + figures);
        return figures;
    }

    private static long readAll(Path journal) throws IOException {
        long bytes = 0;
        ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
        try (Stream<Path> files = Files.list(journal)) {
            for (Path file : files.toList()) {
                try (FileChannel channel = FileChannel.open(file)) {
                    for (int read = channel.read(buffer.clear()); read >= 0; read = channel.read(buffer.clear())) {
                        bytes += read;
                    }
                }
            }
        }
        return bytes;
    }

    /** What is done while an actor system runs. */
    @FunctionalInterface
    private interface Scene {
        void play(ActorSystem system) throws Exception;
    }

    private static void inSystem(Path place, Scene scene) throws Exception {
        Config config = ConfigFactory.parseMap(Map.of(
                        "murmuration.node", "n1",
                        "murmuration.data-dir", place.resolve("n1").toString(),
                        "pekko.persistence.journal.plugin", "murmuration.journal",
                        "pekko.persistence.snapshot-store.plugin", "murmuration.snapshot-store",
                        "pekko.actor.provider", "local",
                        "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", "off",
                        "pekko.loglevel", "WARNING"))
                .withFallback(ConfigFactory.load());
        ActorSystem system = ActorSystem.create("benchmark", config);
        try {
            scene.play(system);
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    private static void delete(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
