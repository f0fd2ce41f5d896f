package io.murmuration.examples.bank.node;

import com.typesafe.config.Config;
import io.murmuration.Group;
import io.murmuration.Replica;
import io.murmuration.bootstrap.MurmurationNode;
import io.murmuration.bootstrap.NodeConfig;
import io.murmuration.examples.bank.fleet.FleetException;
import io.murmuration.examples.bank.fleet.NodeSpec;
import io.murmuration.examples.bank.fleet.Ports;
import io.murmuration.examples.bank.http.BankServer;
import io.murmuration.examples.bank.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.pekko.actor.CoordinatedShutdown;

/** A node of the bank: a Murmuration node with one group, {@code bank}, and the HTTP interface to it. */
public final class BankNode {
    private static final String GROUP = "bank";

    private final MurmurationNode node;

    private BankNode(MurmurationNode node) {
        this.node = node;
    }

    /**
     * Starts the node of this process.
     *
     * @param self where it listens
     * @param members the name and address of each founder, as {@code name=host:port}
     * @param dir the state folder; the node's own data is in a folder of its name in there
     * @return the running node, whose HTTP is bound
     * @throws FleetException if a port is taken or the folder cannot be used
     */
    public static BankNode start(NodeSpec self, List<String> members, Path dir) {
        Ports.requireFree(List.of(self));
        Path data = dir.resolve(self.id());
        try {
            Files.createDirectories(dir);
        } catch (IOException e) {
            throw new FleetException("The folder " + dir + " cannot be used (" + e + "); name another by --dir.");
        }
        MurmurationNode node = MurmurationNode.start(config(self, members, data));
        Replica<Ledger> bank = node.start(Group.of(GROUP, Ledger.machine()));
        try {
            BankServer server = BankServer.bind(node.system(), bank, self.host(), self.httpPort(), new DiskUse(data))
                    .toCompletableFuture()
                    .join();
            CoordinatedShutdown.get(node.system())
                    .addTask(CoordinatedShutdown.PhaseServiceUnbind(), "bank-http", server::stop);
        } catch (CompletionException e) {
            throw new FleetException(self.url() + " cannot be bound (" + e.getCause() + "); move it by --http-port.");
        }
        return new BankNode(node);
    }

    private static Config config(NodeSpec self, List<String> members, Path data) {
        String names = members.stream()
                .map(member -> member.substring(0, member.indexOf('=')))
                .collect(Collectors.joining(","));
        return NodeConfig.load(
                "--node",
                self.id(),
                "--members",
                names,
                "--addresses",
                String.join(",", members),
                "--data-dir",
                data.toAbsolutePath().toString(),
                "-Dpekko.management.http.hostname=" + self.host(),
                "-Dpekko.management.http.port=" + self.managementPort());
    }

    /** Waits until the node has ended, for whatever reason. */
    public void awaitEnd() {
        node.system().getWhenTerminated().toCompletableFuture().join();
    }
}
