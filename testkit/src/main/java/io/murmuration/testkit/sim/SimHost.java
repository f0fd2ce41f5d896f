package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One machine: a process that lives and dies with all replicas in it, one after the other of as many groups; clocks
 * that all of them read; and one disk below all of their journals. Mutable. One sync serves what all groups have
 * written, and what a crash keeps of the rest is what was written first, by whomever.
 */
final class SimHost {
    private final int number;
    private final SimClock clock;
    private final List<SimNode> nodes = new ArrayList<>();
    /** Where there are several groups: by whom each record was written that is not synced yet, the oldest first. */
    private final List<SimNode> unsynced = new ArrayList<>();

    private @Nullable HeartbeatsShell heartbeats;
    private boolean up;
    private long process;
    private int syncing;

    SimHost(int number, SimRandom random) {
        this.number = number;
        // A monotonic clock may start anywhere, also just before its number wraps.
        long shown = random.between(-1_000_000_000_000L, 1_000_000_000_000L);
        this.clock = new SimClock(random.chance(0.25) ? Long.MAX_VALUE - random.around(5 * Mix.SECOND) : shown);
    }

    /** One more group has a replica here. */
    void add(SimNode node) {
        nodes.add(node);
    }

    // ---- the process

    /** The process starts, and all groups in it. */
    void start() {
        up = true;
        process++;
        heartbeats = several() ? new HeartbeatsShell(this) : null;
        nodes.forEach(SimNode::open);
    }

    /**
     * The process dies, and all groups with it.
     *
     * @param kept how many of the records that were not synced are there afterwards
     */
    void crash(int kept) {
        up = false;
        heartbeats = null;
        for (SimNode node : nodes) {
            node.died(several() ? (int) writtenBy(node, kept) : kept);
        }
        unsynced.clear();
    }

    private long writtenBy(SimNode node, int first) {
        return unsynced.stream().limit(first).filter(node::equals).count();
    }

    /** Whether more than one group runs here. */
    boolean several() {
        return nodes.size() > 1;
    }

    /** The heartbeats of all groups travel together; those of a single one by themselves. */
    HeartbeatsShell heartbeats() {
        return Objects.requireNonNull(heartbeats, "Of several groups only the heartbeats travel together.");
    }

    /**
     * One replica stops, for whatever reason of its own.
     *
     * @throws Violation if that stops another one too
     */
    void stopAlone(SimNode node, Runnable stop) {
        long before = livesBeside(node);
        stop.run();
        if (livesBeside(node) != before) {
            throw Invariant.NEIGHBOURS_LIVE.violatedBy(
                    "A replica of " + node.label() + " stops, and others of that node stop with it.");
        }
    }

    private long livesBeside(SimNode node) {
        long lives = 0;
        for (SimNode other : nodes) {
            lives += other == node ? 0 : other.lifeOf(Actor.STORE) + other.lifeOf(Actor.GATEWAY);
        }
        return lives;
    }

    // ---- the disk

    /** A replica's journal has taken records. */
    void written(SimNode node, int records) {
        for (int record = 0; several() && record < records; record++) {
            unsynced.add(node);
        }
        sync();
    }

    /** A sync covers what was written before it, by all; there is one at a time. */
    private void sync() {
        if (nodes.stream().anyMatch(node -> node.disk().syncing())) {
            return;
        }
        boolean needed = false;
        for (SimNode node : nodes) {
            needed |= node.disk().startSync();
        }
        if (needed) {
            syncing = unsynced.size();
            nodes.get(0).world().sync(nodes.get(0));
        }
    }

    /** The sync that was under way has succeeded. */
    void synced() {
        unsynced.subList(0, syncing).clear();
        for (SimNode node : nodes) {
            if (node.disk().syncing()) {
                node.store().synced();
            }
        }
        sync();
        nodes.forEach(SimNode::stoppedIfIdle);
    }

    /** All that is on the disk is lost, of all groups. */
    void wipe() {
        for (SimNode node : nodes) {
            node.disk().wipe();
            node.world().witness().wiped(node);
        }
    }

    /** How many records a crash may lose. */
    int unsynced() {
        int sum = 0;
        for (SimNode node : nodes) {
            sum += node.disk().unsynced();
        }
        return sum;
    }

    /** This life of a group's Election hears from now on what comes for all groups together. */
    void registers(SimNode node) {
        if (several()) {
            String group = node.group().name();
            node.post(Actor.ELECTION, Actor.HEARTBEATS, new Message.Registered(group, node.lifeOf(Actor.ELECTION)));
        }
    }

    // ---- what is seen from outside

    int number() {
        return number;
    }

    SimClock clock() {
        return clock;
    }

    /** T of what all groups share, in nanoseconds; some groups have a longer one. */
    long timeout() {
        return nodes.get(0).group().electionTimeout().toNanos();
    }

    boolean up() {
        return up;
    }

    /** Which process it is, counted from the beginning of the world. */
    long process() {
        return process;
    }

    /** The replicas here, one of each group. */
    List<SimNode> nodes() {
        return nodes;
    }
}
