package io.murmuration;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What {@code murmuration} in the configuration says to one group. Defaults and consequences are in this library's
 * {@code reference.conf}.
 *
 * @param node this node's stable name
 * @param founders the names of the members that found the group; later changes go through the log
 * @param mayFound false for a group that must exist already
 * @param replaceLost whether a voter that has lost its disk is replaced without an order
 * @param electionTimeout T: timers are drawn from T to 2 T, heartbeats go each T / 10 (§5.2)
 * @param askTimeout the deadline of an ask or a read that names none
 * @param commandBytesMax the largest encoded command
 * @param logBytesMax the largest log in memory; beyond it the group says {@code Overloaded}
 * @param tailBytesMax how much of the log in front of the last snapshot is kept for slow followers
 * @param snapshotEveryBytes a snapshot is taken when entries of so many bytes were applied since the last one
 * @param snapshotBytesMax the largest snapshot
 * @param gatewayBytesMax the largest sum of commands that wait in this node's Gateway
 * @param journalPlugin the id of the Pekko Persistence journal plugin
 * @param snapshotPlugin the id of the Pekko Persistence snapshot-store plugin
 * @param dispatcher the dispatcher of all actors of the group
 * @since 0.1.0
 */
public record GroupSettings(
        String node,
        List<String> founders,
        boolean mayFound,
        boolean replaceLost,
        Duration electionTimeout,
        Duration askTimeout,
        int commandBytesMax,
        long logBytesMax,
        long tailBytesMax,
        long snapshotEveryBytes,
        long snapshotBytesMax,
        long gatewayBytesMax,
        String journalPlugin,
        String snapshotPlugin,
        String dispatcher) {
    private static final int COMMAND_BYTES_LIMIT = 128 << 10;
    /** What one array can hold. */
    private static final long SNAPSHOT_BYTES_LIMIT = Integer.MAX_VALUE - 64;

    /** Checks what can be checked before anything starts. */
    public GroupSettings {
        Objects.requireNonNull(journalPlugin);
        founders = List.copyOf(founders);
        require(!node.isBlank(), "murmuration.node is empty; give this node a stable name, for example \"n1\".");
        require(!founders.isEmpty(), "murmuration.members is empty; name the nodes that found the group.");
        require(
                founders.stream().distinct().count() == founders.size(),
                "murmuration.members names a node twice: " + founders + ".");
        require(
                electionTimeout.compareTo(Duration.ofMillis(50)) >= 0,
                "murmuration.election-timeout is " + electionTimeout.toMillis() + " ms; it must be at least 50 ms.");
        require(!askTimeout.isNegative() && !askTimeout.isZero(), "murmuration.ask-timeout must be positive.");
        require(
                commandBytesMax > 0 && commandBytesMax <= COMMAND_BYTES_LIMIT,
                "murmuration.command-bytes-max is " + commandBytesMax
                        + "; it must be 1 byte to 128 KiB, since a message"
                        + " between nodes must fit into Artery's frame of 256 KiB.");
        require(logBytesMax >= 1 << 20, "murmuration.log-bytes-max must be at least 1 MiB.");
        require(tailBytesMax >= 0, "murmuration.tail-bytes-max must not be negative.");
        require(snapshotEveryBytes >= 1 << 10, "murmuration.snapshot-every-bytes must be at least 1 KiB.");
        require(
                snapshotEveryBytes + tailBytesMax <= logBytesMax / 2,
                "murmuration.snapshot-every-bytes (" + snapshotEveryBytes + ") and murmuration.tail-bytes-max ("
                        + tailBytesMax + ") may have no more than half of murmuration.log-bytes-max (" + logBytesMax
                        + ") between them: the log grows while a snapshot is taken. Raise log-bytes-max.");
        require(
                snapshotBytesMax > 0 && snapshotBytesMax <= SNAPSHOT_BYTES_LIMIT,
                "murmuration.snapshot-bytes-max is " + snapshotBytesMax + "; it must be 1 byte to "
                        + SNAPSHOT_BYTES_LIMIT + ". Larger state belongs into more groups.");
        require(
                gatewayBytesMax >= commandBytesMax,
                "murmuration.gateway-bytes-max must not be below command-bytes-max.");
    }

    /**
     * Reads the settings.
     *
     * @param config the whole configuration of the ActorSystem
     * @return the settings
     * @throws IllegalArgumentException if a value is missing or out of range, with the key and what to do
     */
    public static GroupSettings from(Config config) {
        Config own = config.getConfig("murmuration");
        String found = own.getString("found");
        require(
                found.equals("when-empty") || found.equals("never"),
                "murmuration.found is \"" + found + "\"; it must be when-empty or never.");
        String replace = own.getString("replace-lost");
        require(
                replace.equals("manual") || replace.equals("automatic"),
                "murmuration.replace-lost is \"" + replace + "\"; it must be manual or automatic.");
        return new GroupSettings(
                own.getString("node"),
                own.getStringList("members"),
                found.equals("when-empty"),
                replace.equals("automatic"),
                own.getDuration("election-timeout"),
                own.getDuration("ask-timeout"),
                Math.toIntExact(own.getBytes("command-bytes-max")),
                own.getBytes("log-bytes-max"),
                own.getBytes("tail-bytes-max"),
                own.getBytes("snapshot-every-bytes"),
                own.getBytes("snapshot-bytes-max"),
                own.getBytes("gateway-bytes-max"),
                own.getString("journal-plugin"),
                own.getString("snapshot-plugin"),
                own.getString("dispatcher"));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
