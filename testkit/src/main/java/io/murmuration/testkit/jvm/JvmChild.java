package io.murmuration.testkit.jvm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The child's side of a {@link JvmNode}: tells the parent that it is ready, answers what it is asked on its standard
 * input, and ends at once when the parent is gone, since the parent's end closes that input. Thread-safe. Whatever else
 * the child prints does no harm as long as it prints whole lines.
 *
 * @since 0.1.0
 */
public final class JvmChild {
    /** The exit code of a child whose parent is gone. */
    public static final int PARENT_GONE = 86;

    static final String READY = "READY";
    static final String ANSWER = "ANSWER ";

    private JvmChild() {}

    /**
     * Answers the parent from now on, on a thread of its own, and ends this JVM when the parent is gone.
     *
     * @param service what answers a request; a failed stage answers with {@code "!"} and the exception. Called by the
     *     reading thread, so it must not block
     */
    public static void serve(Function<String, ? extends CompletionStage<String>> service) {
        Thread reader = new Thread(() -> read(service), "parent");
        reader.setDaemon(true);
        reader.start();
    }

    /** Ends this JVM when the parent is gone; whatever the parent asks is refused. */
    public static void endWithParent() {
        serve(request ->
                CompletableFuture.failedFuture(new IllegalStateException("This child answers nothing: " + request)));
    }

    /**
     * Tells the parent that this child can be used.
     *
     * @param note one line for the parent; may be empty
     */
    public static void ready(String note) {
        print(READY + " " + note);
    }

    private static void read(Function<String, ? extends CompletionStage<String>> service) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int space = line.indexOf(' ');
                answer(line.substring(0, Math.max(space, 0)), line.substring(space + 1), service);
            }
        } catch (IOException e) {
            System.err.println("The parent cannot be heard: " + e);
        }
        // Not an orderly shutdown: a parent that was killed takes its children with it.
        Runtime.getRuntime().halt(PARENT_GONE);
    }

    private static void answer(String id, String request, Function<String, ? extends CompletionStage<String>> service) {
        CompletionStage<String> answer;
        try {
            answer = service.apply(request);
        } catch (RuntimeException failure) {
            answer = CompletableFuture.failedFuture(failure);
        }
        CompletableFuture<Void> printed = answer.handle((text, failure) -> failure == null ? text : "!" + failure)
                .thenAccept(text -> print(ANSWER + id + " " + text.replace('\n', ' ')))
                .toCompletableFuture();
        if (printed.isCompletedExceptionally()) {
            System.err.println("The answer to " + id + " could not be printed.");
        }
    }

    private static void print(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
