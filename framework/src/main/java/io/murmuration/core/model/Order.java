package io.murmuration.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants of a group. An order names what is to be, never a step towards it: it is said again until it
 * is settled, and to whoever leads by then. It has an {@link OrderId}, by which it takes effect once.
 */
public sealed interface Order {
    /**
     * These nodes are to vote. Each is a learner first, and promoted when it has caught up.
     *
     * @param nodes the names of nodes, at least one
     */
    record AddMembers(List<String> nodes) implements Order {
        /** Copies the list. */
        public AddMembers {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * These nodes are to have no part in the group, neither as voters nor as learners.
     *
     * @param nodes the names of nodes, at least one
     */
    record RemoveMembers(List<String> nodes) implements Order {
        /** Copies the list. */
        public RemoveMembers {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Exactly these nodes are to vote, and there are to be no learners.
     *
     * @param nodes the names of nodes, at least one
     */
    record SetMembers(List<String> nodes) implements Order {
        /** Copies the list. */
        public SetMembers {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * The incarnation under which the group knows this node has lost its disk: the one that answers now is to take its
     * place, as a learner first.
     *
     * @param node the name of a member
     */
    record ReplaceMember(String node) implements Order {}

    /**
     * Another node is to lead (thesis 3.10).
     *
     * @param to the name of a voter, or null for whichever voter is best suited
     */
    record HandOver(@Nullable String to) implements Order {}
}
