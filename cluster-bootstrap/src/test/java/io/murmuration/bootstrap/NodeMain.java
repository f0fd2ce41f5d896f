package io.murmuration.bootstrap;

import io.murmuration.Group;
import io.murmuration.MembersView;
import io.murmuration.NotAppliedException;
import io.murmuration.OutcomeUnknownException;
import io.murmuration.Replica;
import io.murmuration.testkit.jvm.JvmChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.typed.Cluster;

/** A node as a child JVM, with one group that its parent asks and reads. */
final class NodeMain {
    private static final Duration LONG = Duration.ofMinutes(2);

    private NodeMain() {}

    public static void main(String[] options) {
        MurmurationNode.run(options, node -> {
            if (Boolean.getBoolean("bare")) {
                JvmChild.endWithParent();
            } else {
                Replica<Tally> tally = node.start(Group.of("tally", Tally.machine()));
                JvmChild.serve(request -> request.equals("places") ? places(node) : answer(tally, request));
            }
            JvmChild.ready("");
        });
    }

    /** The cluster members whose end nobody has told of, each with its node's role. */
    private static CompletionStage<String> places(MurmurationNode node) {
        List<String> places = new ArrayList<>();
        Cluster.get(node.system())
                .state()
                .getMembers()
                .forEach(member -> places.add(member.address().port().get() + "=" + member.getRoles()));
        return CompletableFuture.completedFuture(String.join(",", places));
    }

    static CompletionStage<String> answer(Replica<Tally> tally, String request) {
        String[] words = request.split(" ", -1);
        return switch (words[0]) {
            case "add" ->
                (words.length == 2
                                ? tally.ask(new Tally.Add(words[1]))
                                : tally.ask(new Tally.Add(words[1]), Duration.parse("PT" + words[2])))
                        .handle(NodeMain::outcome);
            case "read" ->
                tally.readIndexed(Tally::toString, Duration.parse("PT" + (words.length == 1 ? "10s" : words[1])))
                        .thenApply(read -> read.index() + " " + read.value());
            case "local" -> tally.readLocal(Tally::toString).thenApply(read -> read.index() + " " + read.value());
            case "count" -> tally.query(new Tally.CountOf(words[1])).handle(NodeMain::outcome);
            case "leader" -> tally.status().thenApply(status -> String.valueOf(status.leader()));
            case "set" ->
                tally.members().set(List.of(words[1].split(",", -1)), LONG).handle(NodeMain::members);
            case "replace" -> tally.members().replace(words[1], LONG).handle(NodeMain::members);
            case "status" -> tally.status().thenApply(Object::toString);
            default -> throw new IllegalArgumentException("Unknown request: " + request);
        };
    }

    private static String members(MembersView members, Throwable failure) {
        return failure == null ? String.join(",", members.voters()) : "! " + failure;
    }

    static String outcome(Long count, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause == null) {
            return "done " + count;
        } else if (cause instanceof NotAppliedException) {
            return "not-applied " + cause;
        } else if (cause instanceof OutcomeUnknownException) {
            return "unknown " + cause;
        }
        return "failed " + cause;
    }
}
