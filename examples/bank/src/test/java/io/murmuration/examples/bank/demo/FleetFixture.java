package io.murmuration.examples.bank.demo;

import io.murmuration.examples.bank.cli.BankMain;
import io.murmuration.examples.bank.client.Books;
import io.murmuration.examples.bank.fleet.Fleet;
import io.murmuration.examples.bank.fleet.JavaCommand;
import io.murmuration.examples.bank.fleet.NodeSpec;
import io.murmuration.testkit.jvm.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Real nodes on free ports. */
public final class FleetFixture {
    static final Duration READY_WITHIN = Duration.ofSeconds(90);

    private FleetFixture() {}

    public static Fleet open(Path dir, int nodes) {
        Iterator<Integer> ports = FreePorts.take(3 * nodes).iterator();
        List<NodeSpec> specs = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            specs.add(new NodeSpec("n" + i, "127.0.0.1", ports.next(), ports.next(), ports.next()));
        }
        return Fleet.open(dir, specs, JavaCommand.likeThisOne(BankMain.class.getName()), line -> {});
    }

    /** Starts those that do not run. */
    public static void startAll(Fleet fleet) throws InterruptedException {
        fleet.startAll();
        for (NodeSpec node : fleet.nodes()) {
            fleet.awaitReady(node.id(), READY_WITHIN);
        }
        leader(fleet);
    }

    public static String leader(Fleet fleet) throws InterruptedException {
        return Books.awaitLeader(fleet.urls(), Duration.ofSeconds(30))
                .orElseThrow(() -> new AssertionError("No leader within 30 s."));
    }
}
