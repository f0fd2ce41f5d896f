package io.murmuration.examples.counter;

import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.bootstrap.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

public final class Main {
    public static void main(String[] args) throws IOException {
        var data = Files.createTempDirectory("counter-");
        List<MurmurationNode> nodes = new ArrayList<>();
        try {
            for (String name : List.of("n1", "n2", "n3")) {
                nodes.add(MurmurationNode.start(NodeConfig.load("--node", name, "--data-dir", data + "/" + name)));
            }
            for (Replica<Long> counter : nodes.stream().map(Main::start).toList()) {
                counter.ask(new Counter.Add(5)) // on any node; exactly once
                        .thenCompose(sum -> counter.read(count -> count)) // linearizable, served by this node
                        .thenAccept(count -> System.out.println("count = " + count))
                        .toCompletableFuture()
                        .join();
            }
        } finally {
            nodes.forEach(node -> node.stop().toCompletableFuture().join());
            try (var files = Files.walk(data)) {
                files.forEach(file -> file.toFile().deleteOnExit()); // in reverse: the folder last
            }
        }
    }

    private static Replica<Long> start(MurmurationNode node) {
        return node.start(Group.of("counter", Counter.machine()));
    }
}
