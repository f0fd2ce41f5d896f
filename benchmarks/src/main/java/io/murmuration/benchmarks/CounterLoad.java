package io.murmuration.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import io.murmuration.GroupClient;
import io.murmuration.Replica;
import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Makes the load in the process in which it runs, and says what came out. Thread-safe. */
final class CounterLoad {
    /** The setting that says how many groups there are. */
    static final String GROUPS = "benchmark.groups";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Asked> groups;

    private CounterLoad(List<Asked> groups) {
        this.groups = groups;
    }

    /** One group, as this process asks it. */
    private record Asked(GroupClient client, Supplier<CompletionStage<?>> read, Supplier<CompletionStage<?>> local) {}

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

    /** The names of the groups. */
    static List<String> groups(Config settings) {
        return IntStream.rangeClosed(1, settings.getInt(GROUPS))
                .mapToObj(number -> "counter-" + number)
                .toList();
    }

    /** Of a process with replicas. */
    static CounterLoad on(List<Replica<Long>> replicas) {
        return new CounterLoad(replicas.stream()
                .map(replica ->
                        new Asked(replica, () -> replica.read(count -> count), () -> replica.readLocal(count -> count)))
                .toList());
    }

    /** Of a process without a replica. */
    static CounterLoad from(List<GroupClient> clients) {
        return new CounterLoad(clients.stream()
                .map(client -> new Asked(client, () -> client.query(new Count()), () -> {
                    throw new IllegalStateException("A process without a replica has no state to read.");
                }))
                .toList());
    }

    /**
     * Carries out what the process is asked for.
     *
     * @param request operation, requests that are open, bytes of padding, milliseconds and requests per second, as
     *     {@link #request} says it
     * @return what came out, as JSON
     */
    CompletionStage<String> run(String request) {
        String[] words = request.split(" ", -1);
        Operation operation = Operation.of(words[0]);
        Add add = new Add(1, new byte[Integer.parseInt(words[2])]);
        AtomicInteger turn = new AtomicInteger();
        Supplier<CompletionStage<?>> next = () -> next(operation, add, turn.getAndIncrement());
        Duration time = Duration.ofMillis(Long.parseLong(words[3]));
        long perSecond = Long.parseLong(words[4]);
        CompletionStage<Recorder.Measured> measured = perSecond == 0
                ? new ClosedLoop(next).run(Integer.parseInt(words[1]), time)
                : new OpenLoop(next).run(perSecond, time);
        return measured.thenApply(CounterLoad::json);
    }

    /** How to ask for it; {@code perSecond} is 0 for a closed loop. */
    static String request(Operation operation, int outstanding, int payload, Duration time, long perSecond) {
        return operation.name() + " " + outstanding + " " + payload + " " + time.toMillis() + " " + perSecond;
    }

    private CompletionStage<?> next(Operation operation, Add add, int number) {
        // One further each hundred: where a hundred groups are asked, none of them is only read.
        Asked group = groups.get(Math.floorMod(number + number / 100, groups.size()));
        if (!operation.reads(number)) {
            return group.client().ask(add);
        }
        return operation.local() ? group.local().get() : group.read().get();
    }

    private static String json(Recorder.Measured measured) {
        try {
            return JSON.writeValueAsString(measured);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was measured cannot be written as JSON.", e);
        }
    }
}
