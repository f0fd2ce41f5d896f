package io.murmuration.examples.bank.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Some nodes of the bank, each a process on this machine, in one state folder. They end when this process does, in
 * order if it can still see to that. Thread-safe.
 */
public final class Fleet implements AutoCloseable {
    private static final Duration END_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK_EACH = Duration.ofMillis(50);
    private static final int SHOWN_LINES = 15;
    private static final String REQUEST = ".start";

    private final Path dir;
    private final List<NodeSpec> specs;
    private final JavaCommand java;
    private final Consumer<String> says;
    private final FileChannel lockFile;
    private final Watchdog watchdog;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private boolean closed;

    private Fleet(
            Path dir,
            List<NodeSpec> specs,
            JavaCommand java,
            Consumer<String> says,
            FileChannel lockFile,
            Watchdog watchdog) {
        this.dir = dir;
        this.specs = List.copyOf(specs);
        this.java = java;
        this.says = says;
        this.lockFile = lockFile;
        this.watchdog = watchdog;
    }

    /**
     * Takes a state folder and checks the ports; starts no node yet.
     *
     * @param dir the state folder; made if it is not there
     * @param specs the nodes
     * @param java how a node's JVM is started
     * @param says is told, in words for a person, when a node ends by itself
     * @return the fleet, to be closed
     * @throws FleetException if a port is taken, or the folder cannot be used or is in use
     */
    public static Fleet open(Path dir, List<NodeSpec> specs, JavaCommand java, Consumer<String> says) {
        FileChannel lockFile = lock(dir);
        try {
            Ports.requireFree(specs);
            return new Fleet(dir, specs, java, says, lockFile, Watchdog.start());
        } catch (RuntimeException e) {
            release(lockFile);
            throw e;
        }
    }

    private static FileChannel lock(Path dir) {
        FileChannel channel;
        try {
            Files.createDirectories(dir);
            channel = FileChannel.open(dir.resolve("bank.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new FleetException("The folder " + dir + " cannot be used (" + e + "); name another by --dir.");
        }
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Taken, in one way or another.
        }
        release(channel);
        throw new FleetException("A bank runs in " + dir + " already; stop it, or name another folder by --dir.");
    }

    private static void release(FileChannel lockFile) {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The nodes, running or not.
     *
     * @return as given to {@link #open}
     */
    public List<NodeSpec> nodes() {
        return specs;
    }

    /**
     * A node by its name.
     *
     * @param id the name
     * @return where it listens
     */
    public NodeSpec node(String id) {
        return specs.stream()
                .filter(spec -> spec.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new FleetException("There is no node " + id + "."));
    }

    /**
     * The URLs of all nodes.
     *
     * @return in the order of the nodes
     */
    public List<URI> urls() {
        return specs.stream().map(NodeSpec::url).toList();
    }

    /** Starts all nodes. */
    public void startAll() {
        specs.forEach(spec -> start(spec.id()));
    }

    /**
     * Starts a node, unless it runs.
     *
     * @param id its name
     */
    public synchronized void start(String id) {
        NodeSpec spec = node(id);
        Process running = processes.get(id);
        if (closed || (running != null && running.isAlive())) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "bank-node"));
        command.addAll(java.with(arguments(spec)));
        try {
            // Ctrl-C reaches each process of a terminal; only the launcher heeds it, and stops the nodes in order.
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log(id).toFile()))
                    .start();
            watchdog.watch(process.pid());
            processes.put(id, process);
            Future<?> unused = process.onExit().thenAccept(gone -> ended(id, gone));
            writeRunFile();
        } catch (IOException e) {
            throw new FleetException("The node " + id + " cannot be started: " + e.getMessage() + ".");
        }
    }

    private List<String> arguments(NodeSpec spec) {
        List<String> arguments = new ArrayList<>(List.of("node", "--id", spec.id(), "--dir", dir.toString()));
        arguments.addAll(List.of("--host", spec.host(), "--http-port", Integer.toString(spec.httpPort())));
        arguments.addAll(List.of("--management-port", Integer.toString(spec.managementPort())));
        arguments.add("--until-stdin-ends");
        for (NodeSpec member : specs) {
            arguments.addAll(List.of("--member", member.id() + "=" + member.address()));
        }
        return arguments;
    }

    private void ended(String id, Process process) {
        watchdog.forget(process.pid());
        if (!isClosed()) {
            says.accept(id + " ended (exit code " + process.exitValue() + "); its log is " + log(id) + ".");
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void writeRunFile() throws IOException {
        List<RunFile.Running> running = new ArrayList<>();
        for (NodeSpec spec : specs) {
            Process process = processes.get(spec.id());
            running.add(new RunFile.Running(spec, process == null ? null : ProcessRef.of(process.toHandle())));
        }
        new RunFile(ProcessRef.of(ProcessHandle.current()), running).write(dir);
    }

    /**
     * Where a node's output goes.
     *
     * @param id its name
     * @return a file in the state folder
     */
    public Path log(String id) {
        return dir.resolve(id + ".log");
    }

    /**
     * Waits until a node answers HTTP.
     *
     * @param id its name
     * @param timeout how long to wait
     * @throws FleetException if it ends, or does not answer in time, with the end of its log
     */
    public void awaitReady(String id, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        URI described = node(id).url().resolve("/openapi.yaml");
        while (!answers(described)) {
            Process process = process(id);
            if (process == null || !process.isAlive()) {
                throw new FleetException(
                        "The node " + id + " ended while it started. The end of " + log(id) + ":\n" + endOfLog(id));
            }
            if (System.nanoTime() > deadline) {
                throw new FleetException("The node " + id + " is not ready after " + timeout.toSeconds()
                        + " s. The end of " + log(id) + ":\n" + endOfLog(id));
            }
            sleep(LOOK_EACH);
        }
    }

    private synchronized @Nullable Process process(String id) {
        return processes.get(id);
    }

    private static boolean answers(URI url) {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    private String endOfLog(String id) {
        try {
            List<String> lines =
                    Files.readString(log(id), StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException e) {
            return "(" + e.getMessage() + ")";
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted while waiting for a node.");
        }
    }

    /**
     * A node's process.
     *
     * @param id its name
     * @return the process, running or not
     * @throws FleetException if it was never started
     */
    public ProcessRef reference(String id) {
        Process process = process(id);
        if (process == null) {
            throw new FleetException("The node " + id + " was never started.");
        }
        return ProcessRef.of(process.toHandle());
    }

    /**
     * Kills a node (SIGKILL) and waits until it is gone.
     *
     * @param id its name
     */
    public void kill(String id) {
        Process process = process(id);
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /**
     * Deletes the data of a node that does not run, as a lost disk would.
     *
     * @param id its name
     * @throws FleetException if it runs, or its data cannot be deleted
     */
    public void wipe(String id) {
        Process process = process(id);
        if (process != null && process.isAlive()) {
            throw new FleetException("The node " + id + " runs; kill it before its data is deleted.");
        }
        try (Stream<Path> files = Files.walk(dir.resolve(node(id).id()))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new FleetException("The data of " + id + " cannot be deleted (" + e + ").");
        }
    }

    /** Stops all nodes in order, those too that are paused, and kills what has not ended within ten seconds. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<Process> alive =
                processes.values().stream().filter(Process::isAlive).toList();
        alive.forEach(process -> ProcessRef.of(process.toHandle()).terminate());
        long deadline = System.nanoTime() + END_WITHIN.toNanos();
        for (Process process : alive) {
            while (process.isAlive() && System.nanoTime() < deadline) {
                sleep(LOOK_EACH);
            }
            if (process.isAlive()) {
                process.destroyForcibly().onExit().join();
            }
        }
        watchdog.close();
        release(lockFile);
    }

    /**
     * Asks the launcher of a state folder, another process, to start a node again.
     *
     * @param dir the state folder
     * @param id the node
     */
    public static void requestStart(Path dir, String id) {
        try {
            Files.writeString(dir.resolve(id + REQUEST), "");
        } catch (IOException e) {
            throw new FleetException("The request cannot be left in " + dir + ": " + e.getMessage() + ".");
        }
    }

    /** Starts the nodes that {@link #requestStart} asked for since the last call. */
    public void serveRequests() {
        for (NodeSpec spec : specs) {
            try {
                if (Files.deleteIfExists(dir.resolve(spec.id() + REQUEST))) {
                    start(spec.id());
                }
            } catch (IOException e) {
                throw new FleetException("A request in " + dir + " cannot be read: " + e.getMessage() + ".");
            }
        }
    }

    /** Kills all nodes at once (SIGKILL), as a power cut would; the fleet can start them again. */
    public void killAll() {
        List<Process> alive = specs.stream()
                .map(spec -> process(spec.id()))
                .filter(process -> process != null && process.isAlive())
                .toList();
        alive.forEach(Process::destroyForcibly);
        alive.forEach(process -> process.onExit().join());
    }
}
