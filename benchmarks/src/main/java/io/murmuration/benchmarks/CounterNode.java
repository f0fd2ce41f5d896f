package io.murmuration.benchmarks;

import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.testkit.jvm.JvmChild;

/** One node of the counter as a process, which also makes load when it is asked to. */
final class CounterNode {
    /** Asks whom this node takes for the leader. */
    static final String LEADER = "leader";

    private CounterNode() {}

    public static void main(String[] options) {
        MurmurationNode.run(options, node -> {
            Replica<Long> counter = node.start(Group.of(CounterLoad.GROUP, CounterLoad.machine()));
            CounterLoad load = CounterLoad.on(counter);
            JvmChild.serve(request -> request.equals(LEADER)
                    ? counter.status().thenApply(status -> String.valueOf(status.leader()))
                    : load.run(request));
            JvmChild.ready("");
        });
    }
}
