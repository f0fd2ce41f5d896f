package io.murmuration;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What {@code murmuration} in the configuration says to one group. Defaults and consequences are in this library's
 * {@code reference.conf}.
 *
 * @param node this node's stable name
 * @param founders the names of the nodes that found the group, and whom this node asks for it while it belongs to none;
 *     later changes of members go through the log
 * @param mayFound false for a group that must exist already
 * @param replaceLost whether this node, while it leads, replaces a voter that has lost its disk without an order
 * @param electionTimeout T: timers are drawn from T to 2 T, heartbeats go each T / 10 (§5.2)
 * @param askTimeout the deadline of an ask or a read that names none
 * @param commandBytesMax the largest encoded command
 * @param logBytesMax the largest log in memory; beyond it the group says {@code Overloaded}
 * @param tailBytesMax how much of the log in front of the last snapshot is kept for slow followers
 * @param snapshotEveryBytes a snapshot is taken when entries of so many bytes were applied since the last one
 * @param snapshotBytesMax the largest snapshot
 * @param gatewayBytesMax the largest sum of commands that wait in this node's Gateway
 * @param watchBytesMax how much of what this node applied is remembered for those who watch; 0 for nothing
 * @param journalPlugin the id of the Pekko Persistence journal plugin
 * @param snapshotPlugin the id of the Pekko Persistence snapshot-store plugin
 * @param dispatcher the dispatcher of all actors of the group
 * @param priority who of two healthy voters should rather lead: the higher, 0 to 100; votes do not depend on it
 * @param leaseDriftPercent by how many percent two clocks may drift apart, if the leader may confirm reads without a
 *     round of heartbeats; empty if it may not (thesis 6.4.1)
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
        long watchBytesMax,
        String journalPlugin,
        String snapshotPlugin,
        String dispatcher,
        int priority,
        OptionalInt leaseDriftPercent) {
    private static final int COMMAND_BYTES_LIMIT = 128 << 10;
    private static final int PRIORITY_MAX = 100;
    private static final int DRIFT_PERCENT_MAX = 90;
    private static final String WRONG_LEASE = "murmuration.lease-reads must be off, or by how much two clocks may drift"
            + " apart, 1% to " + DRIFT_PERCENT_MAX + "%, for example \"10%\".";
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
        require(
                watchBytesMax == 0 || (watchBytesMax >= 1 << 20 && watchBytesMax <= 1 << 30),
                "murmuration.watch-bytes-max is " + watchBytesMax
                        + "; it must be 1 MiB to 1 GiB, or 0 if nobody watches commands.");
        require(
                priority >= 0 && priority <= PRIORITY_MAX,
                "murmuration.priority is " + priority + "; it must be 0 to " + PRIORITY_MAX + ".");
        require(
                leaseDriftPercent.isEmpty()
                        || (leaseDriftPercent.getAsInt() >= 1 && leaseDriftPercent.getAsInt() <= DRIFT_PERCENT_MAX),
                WRONG_LEASE);
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
                own.getBytes("watch-bytes-max"),
                own.getString("journal-plugin"),
                own.getString("snapshot-plugin"),
                own.getString("dispatcher"),
                own.getInt("priority"),
                drift(own.getString("lease-reads")));
    }

    private static OptionalInt drift(String leaseReads) {
        if (leaseReads.equals("off") || leaseReads.equals("false")) {
            return OptionalInt.empty();
        }
        require(leaseReads.matches("[0-9]{1,2} ?%"), WRONG_LEASE);
        return OptionalInt.of(Integer.parseInt(
                leaseReads.substring(0, leaseReads.length() - 1).trim()));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
