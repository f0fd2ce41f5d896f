package io.murmuration.testkit.jvm;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One run of a child: its process, what it prints, and the questions that it has not answered yet. Thread-safe. */
final class JvmProcess {
    /** How much of its output a failure shows. */
    private static final int TAIL = 8_000;
    /** What a test looks into: a log may say much after what is looked for. */
    private static final int PRINTED = 8 << 20;

    private final String name;
    private final Process process;
    private final BufferedWriter in;
    private final Path out;
    private final Path err;
    private final Thread reader;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Map<String, CompletableFuture<String>> asked = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    private volatile boolean ended;
    private @Nullable Process guard;

    private JvmProcess(String name, Process process, Path out, Path err) {
        this.name = name;
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.out = out;
        this.err = err;
        this.reader = new Thread(this::read, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    static JvmProcess start(String name, List<String> command, Path out, Path err) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.to(err.toFile()))
                    .start();
            return new JvmProcess(name, process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException("The child " + name + " cannot be started.", e);
        }
    }

    String awaitReady(Duration within) {
        try {
            return ready.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + " was waited for, and the wait was interrupted.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    name + " is not ready within " + within.toMillis() + " ms: " + describe() + output(), e);
        }
    }

    CompletableFuture<String> ask(String request) {
        String id = Long.toString(ids.incrementAndGet());
        CompletableFuture<String> answer = new CompletableFuture<>();
        asked.put(id, answer);
        try {
            synchronized (in) {
                in.write(id + " " + request.replace('\n', ' ') + "\n");
                in.flush();
            }
        } catch (IOException gone) {
            asked.remove(id);
            answer.completeExceptionally(new IllegalStateException(name + " cannot be asked: " + describe(), gone));
        }
        // Looked at after the question was noted: either the reader, at its end, sees the question, or we see its end.
        if (ended && asked.remove(id) != null) {
            answer.completeExceptionally(new IllegalStateException(name + " cannot be asked: it has ended."));
        }
        return answer;
    }

    Process process() {
        return process;
    }

    int awaitExit(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        name + " did not end within " + within.toMillis() + " ms: " + describe() + output());
            }
            reader.join(TimeUnit.SECONDS.toMillis(10));
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + " was waited for, and the wait was interrupted.", e);
        }
    }

    synchronized void kill() {
        // By its handle: Process.destroy would also close the child's input and output before it ends.
        if (!process.toHandle().destroyForcibly() && process.isAlive()) {
            throw new IllegalStateException(name + " cannot be killed: " + describe());
        }
        release();
    }

    synchronized void terminate() {
        if (!process.toHandle().destroy() && process.isAlive()) {
            throw new IllegalStateException(name + " cannot be terminated: " + describe());
        }
    }

    /**
     * SIGSTOP. A stopped child cannot see that its parent is gone, so a shell that can waits on a pipe from this JVM
     * and kills the child if the pipe is closed before the word comes that the child goes on.
     */
    synchronized void pause() {
        if (guard != null || !process.isAlive()) {
            throw new IllegalStateException(name + " cannot be paused: " + describe());
        }
        String script = "kill -STOP $1 || exit 1; echo stopped; read -r word; [ \"$word\" = on ] || kill -KILL $1";
        try {
            guard = new ProcessBuilder("sh", "-c", script, "sh", Long.toString(process.pid())).start();
            String said = guard.inputReader(StandardCharsets.UTF_8).readLine();
            if (!Objects.equals(said, "stopped")) {
                throw new IllegalStateException(name + " could not be stopped: " + describe());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The child " + name + " cannot be paused.", e);
        }
    }

    /** SIGCONT. */
    synchronized void resume() {
        if (guard == null) {
            throw new IllegalStateException(name + " is not paused.");
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -CONT $1", "sh", Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("The child " + name + " cannot be resumed.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The wait for " + name + " to go on was interrupted.", e);
        } finally {
            release();
        }
    }

    private void release() {
        Process shell = guard;
        guard = null;
        if (shell == null) {
            return;
        }
        try (BufferedWriter word = shell.outputWriter(StandardCharsets.UTF_8)) {
            word.write("on\n");
        } catch (IOException gone) {
            shell.destroyForcibly();
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                BufferedWriter file = Files.newBufferedWriter(out)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                heard(line);
            }
        } catch (IOException closed) {
            // A killed child's pipe may break in the middle of a line.
        } finally {
            ended = true;
            awaitEnd();
            IllegalStateException gone = new IllegalStateException(name + " has ended.");
            ready.completeExceptionally(gone);
            asked.values().forEach(answer -> answer.completeExceptionally(gone));
            asked.clear();
        }
    }

    /** A child's output ends a moment before the child does. */
    private void awaitEnd() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                System.err.println(name + " has closed its output: " + describe());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void heard(String line) {
        if (line.startsWith(JvmChild.ANSWER)) {
            String rest = line.substring(JvmChild.ANSWER.length());
            int space = rest.indexOf(' ');
            CompletableFuture<String> answer = space < 0 ? null : asked.remove(rest.substring(0, space));
            if (answer != null) {
                answer.complete(rest.substring(space + 1));
            }
        } else if (line.startsWith(JvmChild.READY)) {
            ready.complete(line.substring(JvmChild.READY.length()).strip());
        }
    }

    String describe() {
        return process.isAlive()
                ? "it runs as process " + process.pid() + "."
                : "it has ended with exit code " + process.exitValue() + ".";
    }

    String output() {
        return "\n--- standard output of " + name + "\n" + tail(out, TAIL) + "\n--- standard error of " + name + "\n"
                + tail(err, TAIL);
    }

    String printed() {
        return tail(out, PRINTED);
    }

    String error() {
        return tail(err, PRINTED);
    }

    private static String tail(Path file, int length) {
        try {
            String text = Files.readString(file);
            return text.length() <= length ? text : "..." + text.substring(text.length() - length);
        } catch (IOException none) {
            return "(nothing)";
        }
    }
}
