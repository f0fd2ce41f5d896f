package io.murmuration.testkit.sim;

import java.util.Locale;

/** The actors of a replica, and the caller before its Gateway. */
enum Actor {
    GROUP(0),
    ELECTION(1),
    LOG(2),
    MACHINE(3),
    STORE(4),
    GATEWAY(5),
    CALLER(6),
    SNAPSHOTS(7),
    /** Of all groups of a node; only where there are several. */
    HEARTBEATS(8);

    static final int COUNT = values().length;

    private final int slot;
    private final String word = name().toLowerCase(Locale.ROOT);

    Actor(int slot) {
        this.slot = slot;
    }

    /** Its place in arrays of {@link #COUNT}. */
    int slot() {
        return slot;
    }

    /** The Gateway outlives the replica; the others live and die with it (F5). */
    boolean outlivesReplica() {
        return this == GROUP || this == GATEWAY || this == CALLER || this == HEARTBEATS;
    }

    String word() {
        return word;
    }
}
