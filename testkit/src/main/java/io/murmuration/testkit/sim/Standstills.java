package io.murmuration.testkit.sim;

import java.util.Arrays;

/**
 * Which actors of which nodes take nothing from their mailboxes, and which disks end no sync ({@link Actor#STORE}).
 * Mutable. What stands still ends by itself, or with the life of the actor; a disk's with the process.
 */
final class Standstills {
    /** Until its process is started anew; far enough, and far from where numbers wrap. */
    static final long FOR_EVER = Long.MAX_VALUE / 4;

    private static final long NEVER = -1;

    private final long glimpse;
    private final long[] until;
    private final long[] since;
    /** Since when it has moved for moments only. */
    private final long[] apparent;

    private final long[] life;

    /** @param glimpse who asks now and then may miss that something has moved for so long, in nanoseconds */
    Standstills(int replicas, long glimpse) {
        this.glimpse = glimpse;
        apparent = new long[replicas * Actor.COUNT];
        until = new long[replicas * Actor.COUNT];
        since = new long[replicas * Actor.COUNT];
        life = new long[replicas * Actor.COUNT];
        Arrays.fill(until, NEVER);
    }

    /** All groups of a machine have one disk. */
    private static int slot(SimNode node, Actor actor) {
        return (actor == Actor.STORE ? node.number() : node.slot()) * Actor.COUNT + actor.slot();
    }

    /** A disk stands still for whoever uses it: a replica that starts anew in its process finds it so. */
    private static long lifeOf(SimNode node, Actor actor) {
        return node.lifeOf(actor == Actor.STORE ? Actor.CALLER : actor);
    }

    void begin(SimNode node, Actor actor, long now, long end) {
        int at = slot(node, actor);
        boolean already = stands(node, actor, now);
        boolean moved = life[at] != lifeOf(node, actor) || now - until[at] >= glimpse;
        apparent[at] = already || !moved ? apparent[at] : now;
        since[at] = already ? since[at] : now;
        until[at] = already ? Math.max(until[at], end) : end;
        life[at] = lifeOf(node, actor);
    }

    boolean stands(SimNode node, Actor actor, long now) {
        int at = slot(node, actor);
        return until[at] > now && node.up() && life[at] == lifeOf(node, actor);
    }

    /** Whether a message to this life of an actor, or to any, waits in its mailbox. */
    boolean holds(SimNode node, Actor to, long meant, long now) {
        return to != Actor.STORE && stands(node, to, now) && (meant == Event.ANY_LIFE || meant == node.lifeOf(to));
    }

    /** Whether any of a node stands still. */
    boolean any(SimNode node, long now) {
        return stands(node, Actor.STORE, now) || stands(node, Actor.LOG, now) || stands(node, Actor.MACHINE, now);
    }

    /** How long it stands still yet. */
    long rest(SimNode node, Actor actor, long now) {
        return stands(node, actor, now) ? until[slot(node, actor)] - now : 0;
    }

    /** How long it has stood still. */
    long span(SimNode node, Actor actor, long now) {
        return stands(node, actor, now) ? now - since[slot(node, actor)] : 0;
    }

    /** How long it seems to have stood still. */
    long apparent(SimNode node, Actor actor, long now) {
        return stands(node, actor, now) ? now - apparent[slot(node, actor)] : 0;
    }

    /** Whether something of the node stands still until somebody starts its process anew. */
    boolean forEver(SimNode node, long now) {
        return Math.max(
                        rest(node, Actor.STORE, now),
                        Math.max(rest(node, Actor.LOG, now), rest(node, Actor.MACHINE, now)))
                > FOR_EVER / 2;
    }

    /** When the last of those that end by themselves does. */
    long last() {
        return Arrays.stream(until).filter(end -> end < FOR_EVER).max().orElse(0);
    }
}
