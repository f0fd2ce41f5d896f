package io.murmuration.benchmarks;

import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.testkit.jvm.JvmChild;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One node of the counter as a process, which also makes load when it is asked to. */
final class CounterNode {
    /** Asks whom this node takes for the leader; of several groups, of the first. */
    static final String LEADER = "leader";
    /** Asks how far this node has applied the log of the first group. */
    static final String APPLIED = "applied";
    /** Asks how far the first group's log is committed, as far as this node knows. */
    static final String COMMITTED = "committed";

    private CounterNode() {}

    public static void main(String[] options) {
        MurmurationNode.run(options, node -> {
            List<Replica<Long>> counters = new ArrayList<>();
            CounterLoad.groups(node.system().settings().config())
                    .forEach(group -> counters.add(node.start(Group.of(group, CounterLoad.machine()))));
            CounterLoad load = CounterLoad.on(counters);
            JvmChild.serve(request -> answer(request, counters.get(0), load));
            JvmChild.ready("");
        });
    }

    private static CompletionStage<String> answer(String request, Replica<Long> counter, CounterLoad load) {
        return switch (request) {
            case LEADER -> counter.status().thenApply(status -> String.valueOf(status.leader()));
            case APPLIED -> counter.status().thenApply(status -> String.valueOf(status.applied()));
            case COMMITTED -> counter.status().thenApply(status -> String.valueOf(status.commit()));
            default -> load.run(request);
        };
    }
}
