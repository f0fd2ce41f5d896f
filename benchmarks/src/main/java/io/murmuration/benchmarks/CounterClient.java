package io.murmuration.benchmarks;

import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.testkit.jvm.JvmChild;

/** A process without a replica of the counter, which makes load when it is asked to. */
final class CounterClient {
    private CounterClient() {}

    public static void main(String[] options) {
        MurmurationNode.run(options, node -> {
            CounterLoad load =
                    CounterLoad.from(CounterLoad.groups(node.system().settings().config()).stream()
                            .map(group -> node.client(group, CounterLoad.Add.class, CounterLoad.Count.class))
                            .toList());
            JvmChild.serve(load::run);
            JvmChild.ready("");
        });
    }
}
