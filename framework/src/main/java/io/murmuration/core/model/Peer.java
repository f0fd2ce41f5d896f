package io.murmuration.core.model;

import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;

/**
 * One node in one life of its disk. The name is stable; the incarnation is drawn once and made durable before the node
 * first takes part in a group, so that a node that lost its disk is told from the one that voted before.
 *
 * @param node the stable name ({@code murmuration.node})
 * @param incarnation the random id of this life of the node's disk
 */
public record Peer(String node, UUID incarnation) implements Comparable<Peer> {
    private static final Comparator<Peer> ORDER =
            Comparator.comparing(Peer::node).thenComparing(Peer::incarnation);

    /** Checks that nothing is missing. */
    public Peer {
        Objects.requireNonNull(node);
        Objects.requireNonNull(incarnation);
    }

    @Override
    public int compareTo(Peer other) {
        return ORDER.compare(this, other);
    }

    /**
     * The name and the first digits of the incarnation.
     *
     * @return for example {@code n1#3f2a}
     */
    @Override
    public String toString() {
        return node + "#" + incarnation.toString().substring(0, 4);
    }
}
