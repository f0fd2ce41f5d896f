package io.murmuration.testkit.jvm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM that can be started again after it was stopped or killed, on the same folder and with the same arguments.
 * Made by {@link JvmCluster#node}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class JvmNode {
    private final JvmCluster cluster;
    private final String name;
    private final Class<?> main;
    private final List<String> arguments;
    private List<String> launcher = List.of();
    private List<String> options = List.of();
    private @Nullable JvmProcess process;
    private int runs;

    JvmNode(JvmCluster cluster, String name, Class<?> main, List<String> arguments) {
        this.cluster = cluster;
        this.name = name;
        this.main = main;
        this.arguments = List.copyOf(arguments);
    }

    /**
     * The node's name within the cluster.
     *
     * @return as given to {@link JvmCluster#node}
     */
    public String name() {
        return name;
    }

    /**
     * The folder for what this node keeps; it survives restarts and is not made by the testkit.
     *
     * @return a path within the cluster's temporary folder
     */
    public Path folder() {
        return cluster.folder(name);
    }

    /**
     * Sets options of the JVM for the next start, in addition to the cluster's.
     *
     * @param jvmOptions for example {@code -Dkey=value}
     * @return this node
     */
    public synchronized JvmNode options(String... jvmOptions) {
        options = List.of(jvmOptions);
        return this;
    }

    /**
     * Sets a command that runs the JVM at the next start, for example a shell that sets a limit before {@code exec
     * "$@"}. It must replace itself by the JVM, or signals will not reach it.
     *
     * @param command the command, to which the JVM's own is appended
     * @return this node
     */
    public synchronized JvmNode launchedBy(String... command) {
        launcher = List.of(command);
        return this;
    }

    /**
     * Starts the child and returns at once.
     *
     * @return this node
     * @throws IllegalStateException if it runs
     */
    public synchronized JvmNode begin() {
        if (process != null && process.process().isAlive()) {
            throw new IllegalStateException(name + " cannot be started: " + process.describe());
        }
        runs++;
        List<String> command = new ArrayList<>(launcher);
        command.addAll(cluster.java());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        process = JvmProcess.start(
                name, command, cluster.log(name + "." + runs + ".out"), cluster.log(name + "." + runs + ".err"));
        return this;
    }

    /**
     * Waits until the child has said that it is ready.
     *
     * @param within how long to wait
     * @return the note that came with it
     * @throws IllegalStateException if the child ended or the time is over, with what it printed
     */
    public String awaitReady(Duration within) {
        return current().awaitReady(within);
    }

    /**
     * Starts the child and waits until it is ready, for at most two minutes.
     *
     * @return this node
     * @throws IllegalStateException if it did not come up, with what it printed
     */
    public JvmNode start() {
        begin();
        awaitReady(Duration.ofMinutes(2));
        return this;
    }

    /**
     * Asks the child something ({@link JvmChild#serve}). Any number of questions may be open.
     *
     * @param request one line
     * @return the answer; fails if the child ends first
     */
    public CompletableFuture<String> ask(String request) {
        return current().ask(request);
    }

    /** SIGKILL; returns when the process is gone. Nothing happens if it has ended already. */
    public void kill() {
        JvmProcess running = current();
        running.kill();
        running.awaitExit(Duration.ofSeconds(30));
    }

    /** SIGSTOP: the process is frozen until {@link #resume}. It ends with its parent all the same. */
    public void pause() {
        current().pause();
    }

    /** SIGCONT. */
    public void resume() {
        current().resume();
    }

    /** SIGTERM; returns at once. */
    public void terminate() {
        current().terminate();
    }

    /**
     * Waits for the child's end.
     *
     * @param within how long to wait
     * @return its exit code; 143 after a SIGTERM, 137 after a SIGKILL
     * @throws IllegalStateException if it goes on, with what it printed
     */
    public int awaitExit(Duration within) {
        return current().awaitExit(within);
    }

    /**
     * Tells whether the child runs.
     *
     * @return true also while it is paused
     */
    public synchronized boolean isRunning() {
        return process != null && process.process().isAlive();
    }

    /**
     * The process, for its id and its CPU time.
     *
     * @return the newest run's
     */
    public ProcessHandle handle() {
        return current().process().toHandle();
    }

    /**
     * What the newest run printed.
     *
     * @return the end of its standard output and standard error; empty if it was never started
     */
    public synchronized String output() {
        return process == null ? "" : process.output();
    }

    /**
     * What the newest run printed on its standard output.
     *
     * @return the end of it; empty if it was never started
     */
    public synchronized String printed() {
        return process == null ? "" : process.printed();
    }

    /**
     * What the newest run printed on its standard error.
     *
     * @return the end of it; empty if it was never started
     */
    public synchronized String error() {
        return process == null ? "" : process.error();
    }

    synchronized void end() {
        if (process != null) {
            process.kill();
        }
    }

    private synchronized JvmProcess current() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started.");
        }
        return process;
    }
}
