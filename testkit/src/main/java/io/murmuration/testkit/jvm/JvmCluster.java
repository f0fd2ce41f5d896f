package io.murmuration.testkit.jvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Child JVMs with this JVM's class path, each with a folder of its own below one temporary folder. None outlives this
 * JVM: {@link #close} kills them, so does a shutdown hook, and a child whose parent was killed ends by itself
 * ({@link JvmChild}). Thread-safe.
 *
 * <pre>{@code
 * try (JvmCluster cluster = JvmCluster.create()) {
 *     cluster.run(() -> {
 *         JvmNode n1 = cluster.node("n1", Main.class, "--port", "10001").start();
 *         n1.kill();
 *     });
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class JvmCluster implements AutoCloseable {
    /** Small and quick to start: a test starts many and keeps none for long enough to earn what C2 costs. */
    private static final List<String> SMALL = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Djava.net.preferIPv4Stack=true");

    private final Path folder;
    private final Thread hook = new Thread(this::endAll, "end-children");
    private final Map<String, JvmNode> nodes = new LinkedHashMap<>();
    private List<String> options = SMALL;
    private boolean kept;

    private JvmCluster(Path folder) {
        this.folder = folder;
    }

    /** What a test does with its children. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs once.
         *
         * @throws Exception whatever made the test fail
         */
        void run() throws Exception;
    }

    /**
     * Makes a cluster without nodes, in a fresh temporary folder.
     *
     * @return the cluster; close it
     */
    public static JvmCluster create() {
        return createIn(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * Makes a cluster without nodes, in a fresh folder of a given one, for example of a certain disk.
     *
     * @param parent an existing folder
     * @return the cluster; close it
     */
    public static JvmCluster createIn(Path parent) {
        try {
            JvmCluster cluster = new JvmCluster(Files.createTempDirectory(parent, "murmuration-jvms-"));
            Files.createDirectory(cluster.folder.resolve("log"));
            Runtime.getRuntime().addShutdownHook(cluster.hook);
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException("No folder can be made in " + parent + ".", e);
        }
    }

    /**
     * Sets the options of the JVMs that are started from now on; without it: 256 MiB of heap, the serial collector, the
     * first compiler only.
     *
     * @param jvmOptions all options but the class path
     * @return this cluster
     */
    public synchronized JvmCluster options(String... jvmOptions) {
        options = List.of(jvmOptions);
        return this;
    }

    /**
     * Adds a node, not started yet.
     *
     * @param name its name, also that of its folder
     * @param main the class that it runs
     * @param arguments the arguments of its main method
     * @return the node
     * @throws IllegalArgumentException if the name is taken
     */
    public synchronized JvmNode node(String name, Class<?> main, String... arguments) {
        JvmNode node = new JvmNode(this, name, main, List.of(arguments));
        if (name.equals("log") || nodes.putIfAbsent(name, node) != null) {
            throw new IllegalArgumentException("The cluster has a node \"" + name + "\" already; take another name.");
        }
        return node;
    }

    /**
     * The nodes in the order in which they were added.
     *
     * @return a copy
     */
    public synchronized List<JvmNode> nodes() {
        return new ArrayList<>(nodes.values());
    }

    /**
     * Starts all nodes at once and waits until all are ready.
     *
     * @param within how long to wait for each
     * @throws IllegalStateException if one does not come up, with what it printed
     */
    public void startAll(Duration within) {
        nodes().forEach(JvmNode::begin);
        nodes().forEach(node -> node.awaitReady(within));
    }

    /**
     * Runs a test. When it fails, the children's output goes with the failure, and the folder is kept.
     *
     * @param body the test
     * @throws Exception what the body threw, with the output as a suppressed exception
     */
    public void run(Body body) throws Exception {
        try {
            body.run();
        } catch (Exception | Error failure) {
            synchronized (this) {
                kept = true;
            }
            StringBuilder output = new StringBuilder("Kept in " + folder + ".");
            nodes().forEach(node -> output.append(node.output()));
            failure.addSuppressed(new IllegalStateException(output.toString()));
            throw failure;
        }
    }

    /**
     * The temporary folder of one node or of the test itself.
     *
     * @param name a name within the cluster's folder
     * @return a path; nothing is made there
     */
    public Path folder(String name) {
        return folder.resolve(name);
    }

    /** Kills all children and, unless {@link #run} saw a failure, deletes the temporary folder. */
    @Override
    public void close() {
        endAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return;
        }
        synchronized (this) {
            if (!kept) {
                deleteFolder();
            }
        }
    }

    synchronized List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        return command;
    }

    Path log(String name) {
        return folder.resolve("log").resolve(name);
    }

    private void endAll() {
        List<JvmNode> all = nodes();
        all.forEach(JvmNode::end);
        for (JvmNode node : all) {
            if (node.isRunning()) {
                node.awaitExit(Duration.ofSeconds(30));
            }
        }
    }

    void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("The temporary folder " + folder + " is not deleted: " + e);
        }
    }
}
