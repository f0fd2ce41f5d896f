package io.murmuration.benchmarks;

import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import io.murmuration.testkit.jvm.JvmChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One node as a process, with as many groups as it is told to start. */
final class IdleNode {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<Replica<Long>> groups = new ArrayList<>();

    private IdleNode() {}

    /** One more. */
    record Add() implements Command<Long> {}

    public static void main(String[] options) {
        MurmurationNode.run(options, node -> {
            IdleNode child = new IdleNode();
            JvmChild.serve(request -> child.answer(node, request));
            JvmChild.ready("");
        });
    }

    private CompletionStage<String> answer(MurmurationNode node, String request) {
        String[] words = request.split(" ", -1);
        return switch (words[0]) {
            case "start" -> CompletableFuture.supplyAsync(() -> start(node, Integer.parseInt(words[1])));
            case "add-all" -> addAll();
            case "led" -> led();
            case "traffic" -> CompletableFuture.completedFuture(Traffic.counts());
            default -> throw new IllegalArgumentException("Unknown request: " + request);
        };
    }

    private String start(MurmurationNode node, int count) {
        for (int group = 1; group <= count; group++) {
            groups.add(node.start(Group.of(
                    "g" + group,
                    StateMachine.startingFrom(0L)
                            .fold(Add.class, (sum, add) -> sum + 1)
                            .covering(Add.class))));
        }
        return "started";
    }

    private CompletionStage<String> addAll() {
        CompletableFuture<String> all = CompletableFuture.completedFuture("added");
        for (Replica<Long> group : groups) {
            all = all.thenCombine(group.ask(new Add(), PATIENCE), (before, sum) -> before);
        }
        return all;
    }

    /** Of how many groups this node knows a leader, and how many it leads. */
    private CompletionStage<String> led() {
        CompletableFuture<int[]> all = CompletableFuture.completedFuture(new int[2]);
        for (Replica<Long> group : groups) {
            all = all.thenCombine(group.status(), (counts, status) -> {
                counts[0] += status.leader() == null ? 0 : 1;
                counts[1] += status.role().equals("leader") ? 1 : 0;
                return counts;
            });
        }
        return all.thenApply(counts -> counts[0] + " " + counts[1]);
    }
}
