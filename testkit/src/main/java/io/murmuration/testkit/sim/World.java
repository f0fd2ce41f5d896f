package io.murmuration.testkit.sim;

import io.murmuration.core.election.ElectionSettings;
import java.time.Duration;
import java.util.List;

/** What a simulated node needs from what is around it. Whoever implements it decides what comes when, and whether. */
interface World {
    /** Nanoseconds since the beginning of the world. */
    long now();

    /** One actor of a node says something to another one of it. */
    void post(SimNode node, Actor from, Actor to, Object message);

    /** An actor of a node says something to an actor of another node. It may be lost. */
    void transmit(SimNode node, Actor from, String other, Actor to, Message.Wire message);

    /** An actor is to be woken when its node's clock shows this time. */
    void wake(SimNode node, Actor actor, long localNanos);

    /** The node's disk has something to sync: {@link SimNode#synced} is to be called. */
    void sync(SimNode node);

    /** The node's Store reads its journal: {@link SimNode#recovered} is to be called. */
    void recover(SimNode node);

    /** The node's replica has stopped in place, and is to be started anew after a pause. */
    void startAnew(SimNode node);

    /** The GroupActor wants to ask again in half an election time-out. */
    void askAgain(SimNode node);

    /**
     * An effect is about to be performed: the process may die here.
     *
     * @throws Crash if it does
     */
    void beforeEffect(SimNode node);

    /**
     * Something that a thread beside the actors of a node, or its disk, does takes a while. Not if the process dies.
     */
    void aside(SimNode node, String what, Runnable end);

    /** Whether the node's Store deletes now what it needs no more; it may do so later, or never. */
    default boolean deletes(SimNode node) {
        return node.random().nextBoolean();
    }

    /** The bounds of all nodes. */
    default Limits limits() {
        return Limits.WIDE;
    }

    /** Whether leaders replace members that have lost their disks by themselves. */
    default boolean replacesLost() {
        return false;
    }

    /** How a node's Election is set. */
    default ElectionSettings election(SimNode node, Duration timeout) {
        return ElectionSettings.of(timeout);
    }

    /** A node that is stopped in order has handed over, or need not. */
    default void relieved(SimNode node) {}

    /** The nodes that each node knows, besides the founders. */
    default List<String> contacts() {
        return List.of();
    }

    /** A leader says that its group dozes. */
    default void dozes() {}

    /** Who watches. */
    Witness witness();

    /** The process of the node ends between two effects. */
    final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash() {
            super(null, null, false, false);
        }
    }
}
