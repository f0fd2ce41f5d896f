package io.murmuration.bootstrap;

import io.murmuration.GroupClient;
import io.murmuration.testkit.jvm.JvmChild;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A node as a child JVM, without a replica of the group that it asks. */
final class ClientMain {
    private ClientMain() {}

    public static void main(String[] options) {
        MurmurationNode.run(options, node -> {
            // sample client begins
            GroupClient tally = node.client("tally", Tally.Add.class, Tally.Question.class);
            // sample client ends
            GroupClient nowhere = node.client("nowhere", Tally.Add.class, Tally.Question.class);
            JvmChild.serve(request ->
                    request.startsWith("nowhere ") ? answer(nowhere, request.substring(8)) : answer(tally, request));
            JvmChild.ready("");
        });
    }

    private static CompletionStage<String> answer(GroupClient group, String request) {
        String[] words = request.split(" ", -1);
        Duration patience = words.length < 3 ? Duration.ofSeconds(10) : Duration.parse("PT" + words[2]);
        return switch (words[0]) {
            case "add" -> group.ask(new Tally.Add(words[1]), patience).handle(NodeMain::outcome);
            case "count" -> group.query(new Tally.CountOf(words[1]), patience).handle(NodeMain::outcome);
            case "both" -> askThenQuery(group, words[1]).handle(NodeMain::outcome);
            case "broken" -> group.query(new Tally.Broken(words[1])).handle(NodeMain::outcome);
            case "sheet" ->
                group.query(new Tally.Sheet(Integer.parseInt(words[1])))
                        .thenApply(sheet -> (long) sheet.length())
                        .handle(NodeMain::outcome);
            default -> throw new IllegalArgumentException("Unknown request: " + request);
        };
    }

    private static CompletionStage<Long> askThenQuery(GroupClient tally, String origin) {
        // sample use begins
        return tally.ask(new Tally.Add(origin)) // exactly once, whichever node leads
                .thenCompose(count -> tally.query(new Tally.CountOf(origin))); // linearizable, answered by any member
        // sample use ends
    }
}
