package io.murmuration.core.client;

import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a node without a replica learns which group goes by a name, and who belongs to it: it asks other nodes whether
 * they have ever taken part, as founders do [A5], and never says anything of itself that could found a group. Mutable.
 * It goes on asking now and then, so that members that moved on are followed; another group of the same name is only
 * taken when nobody has known the former one for {@link #FORGET} T.
 */
public final class Lookup {
    /** So many nodes are asked at once. */
    static final int ASKED_MAX = 5;
    /** What was heard is good for so many T; then one node after the other is asked until one answers. */
    static final int REFRESH = 10;
    /** A group that nobody has known for so many T makes room for another one of its name. */
    static final int FORGET = 40;

    private static final int NAMED_MAX = 10;

    private final String group;
    private final String node;
    private final long tNanos;

    private @Nullable UUID id;
    private List<String> members = List.of();
    private long confirmedAt;
    private int turn;
    private final Set<String> silent = new TreeSet<>();
    private final Set<String> empty = new TreeSet<>();

    /**
     * A node that knows nothing of the group yet.
     *
     * @param group the group's name, for sentences
     * @param node this node's name
     * @param electionTimeout T
     */
    public Lookup(String group, String node, Duration electionTimeout) {
        this.group = group;
        this.node = node;
        this.tNanos = electionTimeout.toNanos();
    }

    /**
     * What was learnt.
     *
     * @param group the group's id
     * @param another whether it is another one than was learnt before
     * @param nodes who belongs to it, as one of them says
     */
    public record Known(UUID group, boolean another, List<String> nodes) {
        /** Copies the list. */
        public Known {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Time to ask: said by the shell each half election time-out.
     *
     * @param contacts the nodes whose place is known, in the order in which they are to be asked
     * @param now the time
     * @return who is to be sent {@link FoundingRpc.AreYouEmpty}
     */
    public List<String> tick(Collection<String> contacts, long now) {
        if (id != null && now - confirmedAt < REFRESH * tNanos) {
            return List.of();
        }
        List<String> known = Stream.concat(members.stream(), contacts.stream())
                .distinct()
                .filter(name -> !name.equals(node))
                .toList();
        silent.retainAll(known);
        empty.retainAll(known);
        List<String> asked = new ArrayList<>();
        int count = Math.min(known.size(), id == null ? ASKED_MAX : 1);
        for (int i = 0; i < count; i++) {
            String next = known.get(Math.floorMod(turn++, known.size()));
            asked.add(next);
            if (!empty.contains(next)) {
                silent.add(next);
            }
        }
        return asked;
    }

    /**
     * The members as far as they are known.
     *
     * @return their names; empty while the group is not known
     */
    public List<String> members() {
        return members;
    }

    /**
     * A node answers.
     *
     * @param from the node
     * @param rpc what it says
     * @param now the time
     * @return what is known by now, or null if it says nothing new
     */
    public @Nullable Known heard(String from, FoundingRpc rpc, long now) {
        silent.remove(from);
        if (rpc instanceof FoundingRpc.Empty) {
            empty.add(from);
            return null;
        }
        empty.remove(from);
        return rpc instanceof FoundingRpc.Knows knows ? heardOf(from, knows.group(), knows.members(), now) : null;
    }

    private @Nullable Known heardOf(String from, UUID named, Members itsMembers, long now) {
        UUID former = id;
        boolean another = former != null && !former.equals(named);
        if (another && now - confirmedAt < FORGET * tNanos) {
            return null;
        }
        // Who answers comes first: it runs, whatever has become of the others since it learnt of them.
        Set<String> nodes = new LinkedHashSet<>(List.of(from));
        itsMembers.everyone().map(Peer::node).forEach(nodes::add);
        List<String> heard = List.copyOf(nodes);
        boolean news = former == null || another || !Set.copyOf(members).equals(nodes);
        id = named;
        confirmedAt = now;
        members = heard;
        return news ? new Known(named, another, heard) : null;
    }

    /**
     * Why the group is not known.
     *
     * @return a sentence with the way out, or null if it is known
     */
    public @Nullable String obstacle() {
        if (id != null) {
            return null;
        }
        if (silent.isEmpty() && empty.isEmpty()) {
            return "This node knows of no other node that it could ask for group " + group
                    + "; name the members in murmuration.members, and say in murmuration.addresses where they are or"
                    + " join their cluster.";
        }
        return "No node that was asked knows group " + group + "."
                + (empty.isEmpty() ? "" : " It is not founded yet as far as these know: " + names(empty) + ".")
                + (silent.isEmpty()
                        ? ""
                        : " No answer came from " + names(silent)
                                + ": they do not run, or have no replica of the group, or cannot reach " + node + ".");
    }

    private static String names(Set<String> nodes) {
        List<String> first = nodes.stream().limit(NAMED_MAX).toList();
        String some = String.join(", ", first);
        return nodes.size() <= NAMED_MAX ? some : some + " and " + (nodes.size() - NAMED_MAX) + " more";
    }
}
