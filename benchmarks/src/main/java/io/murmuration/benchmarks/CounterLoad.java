package io.murmuration.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.GroupClient;
import io.murmuration.Replica;
import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Makes the load in the process in which it runs, and says what came out. Thread-safe. */
final class CounterLoad {
    /** The name of the group. */
    static final String GROUP = "counter";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final GroupClient client;
    private final Supplier<CompletionStage<?>> read;
    private final Supplier<CompletionStage<?>> local;

    private CounterLoad(GroupClient client, Supplier<CompletionStage<?>> read, Supplier<CompletionStage<?>> local) {
        this.client = client;
        this.read = read;
        this.local = local;
    }

    /**
     * Adds.
     *
     * @param amount how much
     * @param padding makes the command as large as a real one
     */
    @SuppressWarnings("ArrayRecordComponent") // Encoded, never compared.
    record Add(long amount, byte[] padding) implements Command<Long> {}

    /** How much was added. */
    record Count() implements Query<Long> {}

    static StateMachine<Long> machine() {
        return StateMachine.startingFrom(0L)
                .fold(Add.class, (count, add) -> count + add.amount())
                .answering(Count.class, (count, asked) -> count)
                .covering(Add.class, Count.class);
    }

    /** Of a process with a replica. */
    static CounterLoad on(Replica<Long> replica) {
        return new CounterLoad(replica, () -> replica.read(count -> count), () -> replica.readLocal(count -> count));
    }

    /** Of a process without a replica. */
    static CounterLoad from(GroupClient client) {
        return new CounterLoad(client, () -> client.query(new Count()), () -> {
            throw new IllegalStateException("A process without a replica has no state to read.");
        });
    }

    /**
     * Carries out what the process is asked for.
     *
     * @param request operation, requests that are open, bytes of padding and milliseconds, as {@link #request} says it
     * @return what came out, as JSON
     */
    CompletionStage<String> run(String request) {
        String[] words = request.split(" ", -1);
        Operation operation = Operation.of(words[0]);
        Add add = new Add(1, new byte[Integer.parseInt(words[2])]);
        AtomicInteger turn = new AtomicInteger();
        return new ClosedLoop(() -> next(operation, add, turn.getAndIncrement()))
                .run(Integer.parseInt(words[1]), Duration.ofMillis(Long.parseLong(words[3])))
                .thenApply(CounterLoad::json);
    }

    /** How to ask for it. */
    static String request(Operation operation, int outstanding, int payload, Duration time) {
        return operation.name() + " " + outstanding + " " + payload + " " + time.toMillis();
    }

    private CompletionStage<?> next(Operation operation, Add add, int number) {
        if (!operation.reads(number)) {
            return client.ask(add);
        }
        return operation.local() ? local.get() : read.get();
    }

    private static String json(ClosedLoop.Measured measured) {
        try {
            return JSON.writeValueAsString(measured);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was measured cannot be written as JSON.", e);
        }
    }
}
