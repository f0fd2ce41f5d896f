package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What lies between the nodes: messages in the order in which they were sent, links that are cut or held. Mutable. */
final class ScenarioNetwork {
    /** The name that stands for every node. */
    static final String ANY = "*";

    private final List<Letter> letters = new ArrayList<>();
    private final Set<String> cut = new HashSet<>();
    private final Set<Link> held = new HashSet<>();

    /**
     * A message on its way.
     *
     * @param from the sending node
     * @param to the receiving node
     * @param actor who receives it there
     * @param message what it says
     */
    record Letter(SimNode from, SimNode to, Actor actor, Message.Wire message) {}

    /**
     * Some of the ways between nodes.
     *
     * @param from a node, or {@link #ANY}
     * @param to a node, or {@link #ANY}
     * @param actor who receives, or null for all
     */
    record Link(String from, String to, @Nullable Actor actor) {
        boolean covers(Letter letter) {
            return (from.equals(ANY) || from.equals(letter.from().name()))
                    && (to.equals(ANY) || to.equals(letter.to().name()))
                    && (actor == null || actor == letter.actor());
        }

        @Override
        public String toString() {
            return from + "->" + to + (actor == null ? "" : " " + actor.name().toLowerCase(Locale.ROOT));
        }
    }

    void add(Letter letter) {
        letters.add(letter);
    }

    boolean isCut(String from, String to) {
        return cut.contains(from + ">" + to);
    }

    void cut(String from, String to) {
        cut.add(from + ">" + to);
    }

    void heal() {
        cut.clear();
    }

    void hold(Link link) {
        held.add(link);
    }

    /** Whether this very link was held. */
    boolean release(Link link) {
        return held.remove(link);
    }

    /** What lies there and is meant, in the order in which it was sent; what is held only if it is meant expressly. */
    List<Letter> lying(Predicate<Letter> meant, boolean alsoHeld) {
        List<Letter> found = new ArrayList<>();
        for (Letter letter : letters) {
            if (meant.test(letter) && (alsoHeld || held.stream().noneMatch(link -> link.covers(letter)))) {
                found.add(letter);
            }
        }
        return found;
    }

    /** Takes this letter away, known as an object: another may say the same. */
    void take(Letter letter) {
        for (int at = 0; at < letters.size(); at++) {
            if (isSame(letters.get(at), letter)) {
                letters.remove(at);
                return;
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // Two equal messages are still two.
    private static boolean isSame(Letter one, Letter other) {
        return one == other;
    }
}
