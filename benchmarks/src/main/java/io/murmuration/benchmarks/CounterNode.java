package io.murmuration.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import io.murmuration.testkit.jvm.JvmChild;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** One node of the counter as a process, which also makes the load when it is asked to. */
final class CounterNode {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CounterNode() {}

    /**
     * Adds.
     *
     * @param amount how much
     * @param padding makes the command as large as a real one
     */
    record Add(long amount, String padding) implements Command<Long> {}

    public static void main(String[] options) {
        MurmurationNode.run(options, node -> {
            Replica<Long> counter = node.start(Group.of(
                    "counter",
                    StateMachine.startingFrom(0L)
                            .fold(Add.class, (count, add) -> count + add.amount())
                            .covering(Add.class)));
            JvmChild.serve(request -> answer(counter, request));
            JvmChild.ready("");
        });
    }

    private static CompletionStage<String> answer(Replica<Long> counter, String request) {
        String[] words = request.split(" ", -1);
        if (words[0].equals("leader")) {
            return counter.status().thenApply(status -> String.valueOf(status.leader()));
        }
        Operation operation = Operation.valueOf(words[0].toUpperCase(Locale.ROOT));
        Add add = new Add(1, "x".repeat(Integer.parseInt(words[2])));
        return new ClosedLoop(() -> operation == Operation.ADD ? counter.ask(add) : counter.read(count -> count))
                .run(Integer.parseInt(words[1]), Duration.ofMillis(Long.parseLong(words[3])))
                .thenApply(CounterNode::json);
    }

    private static String json(ClosedLoop.Measured measured) {
        try {
            return JSON.writeValueAsString(measured);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was measured cannot be written as JSON.", e);
        }
    }
}
