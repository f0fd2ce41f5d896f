package io.murmuration.bootstrap;

import io.murmuration.Group;
import io.murmuration.Murmuration;
import io.murmuration.Replica;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import io.murmuration.testkit.jvm.JvmChild;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/** A node as a child JVM with as many groups as its parent wants. */
final class ManyGroupsNode {
    /** One more, unless the fold is to break. */
    record Add(boolean breaks) implements Command<Long> {}

    private final MurmurationNode node;
    private final Map<String, Replica<Long>> groups = new ConcurrentSkipListMap<>();

    private ManyGroupsNode(MurmurationNode node) {
        this.node = node;
    }

    private static StateMachine<Long> machine() {
        return StateMachine.startingFrom(0L)
                .on(Add.class, (count, add, meta) -> {
                    if (add.breaks()) {
                        throw new IllegalStateException("This fold was asked to break.");
                    }
                    return Applied.of(count + 1, count + 1);
                })
                .covering(Add.class);
    }

    public static void main(String[] options) {
        MurmurationNode.run(options, node -> {
            ManyGroupsNode child = new ManyGroupsNode(node);
            JvmChild.serve(child::answer);
            JvmChild.ready("");
        });
    }

    private CompletionStage<String> answer(String request) {
        String[] words = request.split(" ", -1);
        return switch (words[0]) {
            case "start" -> start(Integer.parseInt(words[1]));
            case "start-one" ->
                CompletableFuture.supplyAsync(() -> {
                    groups.put(words[1], node.start(Group.of(words[1], machine())));
                    return "started";
                });
            case "stop-one" -> Murmuration.get(node.system()).stop(words[1]).thenApply(done -> "stopped");
            case "add-all" -> addAll();
            case "add" -> add(words[1], false);
            case "break" -> add(words[1], true);
            case "led" -> led();
            case "cpu" -> CompletableFuture.completedFuture(Long.toString(cpuMillis()));
            default -> throw new IllegalArgumentException("Unknown request: " + request);
        };
    }

    private CompletionStage<String> start(int count) {
        return CompletableFuture.supplyAsync(() -> {
            for (int group = 1; group <= count; group++) {
                String name = "g" + group;
                groups.put(name, node.start(Group.of(name, machine())));
            }
            return "started";
        });
    }

    private CompletionStage<String> add(String group, boolean breaks) {
        return groups.get(group)
                .ask(new Add(breaks), Duration.ofSeconds(breaks ? 2 : 60))
                .handle((count, failure) -> failure == null ? "done " + count : "failed " + failure);
    }

    /** One command to each group, all at once; the answer is how many were carried out. */
    private CompletionStage<String> addAll() {
        CompletableFuture<Long> sum = CompletableFuture.completedFuture(0L);
        for (Replica<Long> group : groups.values()) {
            CompletionStage<Long> one = group.ask(new Add(false), Duration.ofSeconds(60))
                    .handle((count, failure) -> failure == null ? 1L : 0L);
            sum = sum.thenCombine(one, Long::sum);
        }
        return sum.thenApply(String::valueOf);
    }

    /** How many groups have a leader as far as this node knows, and how many this node leads. */
    private CompletionStage<String> led() {
        CompletableFuture<int[]> all = CompletableFuture.completedFuture(new int[2]);
        for (Replica<Long> group : groups.values()) {
            all = all.thenCombine(group.status(), (counts, status) -> {
                counts[0] += status.leader() == null ? 0 : 1;
                counts[1] += status.role().equals("leader") ? 1 : 0;
                return counts;
            });
        }
        return all.thenApply(counts -> counts[0] + " " + counts[1]);
    }

    private static long cpuMillis() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime()
                / 1_000_000;
    }
}
