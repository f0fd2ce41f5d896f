package io.murmuration.testkit.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who dozes in one group, and on whom they rely: nobody relies for long on a replica that has ended. Mutable. Where
 * messages are lost or late, nodes stand still or clocks drift, nothing is demanded: patience has its own end there.
 */
final class Sleepers {
    private static final List<Fault> HELD_UP = List.of(
            Fault.LOSS,
            Fault.DELAY,
            Fault.DOUBLE,
            Fault.CUT,
            Fault.ONE_WAY,
            Fault.PAUSE,
            Fault.SLOW_MAILBOX,
            Fault.CLOCK_DRIFT);

    private final boolean demanding;
    private final @Nullable Sleeper[] sleepers;
    private long dozes;
    private long silences;

    private static final class Sleeper {
        final List<String> relies;
        String gone = "";
        long since;

        Sleeper(List<String> relies) {
            this.relies = relies;
        }
    }

    Sleepers(Mix mix, int nodes) {
        this(HELD_UP.stream().noneMatch(mix::has), nodes);
    }

    private Sleepers(boolean demanding, int nodes) {
        this.demanding = demanding;
        this.sleepers = new @Nullable Sleeper[nodes];
    }

    /** Where a group never dozes. */
    static Sleepers undisturbed(int nodes) {
        return new Sleepers(false, nodes);
    }

    /** A node's Election dozes from now on and relies on these nodes, or on none and is awake. */
    void dozes(SimNode node, List<String> nodes) {
        if (!nodes.isEmpty() && sleepers[node.number()] == null) {
            dozes++;
        }
        sleepers[node.number()] = nodes.isEmpty() ? null : new Sleeper(nodes);
    }

    /** A node's Election is told that another one fell silent. */
    void silent(SimNode node) {
        if (sleepers[node.number()] != null) {
            silences++;
        }
    }

    /** A replica has ended. */
    void ended(SimNode node) {
        sleepers[node.number()] = null;
        for (Sleeper sleeper : sleepers) {
            if (sleeper != null && sleeper.gone.isEmpty() && sleeper.relies.contains(node.name())) {
                sleeper.gone = node.name();
                sleeper.since = node.world().now();
            }
        }
    }

    void stepped(SimNode node) {
        Sleeper sleeper = sleepers[node.number()];
        if (sleeper == null || sleeper.gone.isEmpty() || !demanding) {
            return;
        }
        long passed = node.world().now() - sleeper.since;
        if (passed > node.host().timeout() * 3 / 2) {
            throw Invariant.WAKES.violatedBy(node.label() + " dozes and relies on " + sleeper.gone
                    + ", whose replica ended " + passed / Mix.MILLI + " ms ago.");
        }
    }

    /** How often an Election fell asleep. */
    long dozes() {
        return dozes;
    }

    /** How often one that dozed was told that a node it relied on is not there. */
    long silences() {
        return silences;
    }
}
