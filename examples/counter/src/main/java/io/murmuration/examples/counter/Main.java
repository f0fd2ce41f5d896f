package io.murmuration.examples.counter;

import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.bootstrap.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

public final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException {
        Path data = Files.createTempDirectory("counter-");
        List<MurmurationNode> nodes = new ArrayList<>();
        List<Replica<Long>> replicas = new ArrayList<>();
        for (String name : List.of("n1", "n2", "n3")) {
            String folder = data.resolve(name).toString();
            MurmurationNode node = MurmurationNode.start(NodeConfig.load("--node", name, "--data-dir", folder));
            nodes.add(node);
            replicas.add(node.start(Group.of("counter", Counter.machine())));
        }
        for (Replica<Long> counter : replicas) {
            counter.ask(new Counter.Add(5)) // on any node; exactly once
                    .thenCompose(sum -> counter.read(count -> count)) // linearizable, served by this node
                    .thenAccept(count -> System.out.println("count = " + count))
                    .toCompletableFuture()
                    .join();
        }
        nodes.forEach(node -> node.stop().toCompletableFuture().join());
    }
}
