package io.murmuration.core.election;

import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which of the other nodes that this node's dozing groups rely on are heard. Mutable, one for a node, for one thread.
 *
 * <p>A group that relies on a node is told once that it fell silent, was restarted, or no longer has the group, and
 * relies on it no more; it is told so late at most that nobody had a reason yet to stand for election. Nothing but
 * waiting depends on it: no vote, no read and no lease counts what is seen here.
 */
public final class Vigil {
    private final long timeout;
    private final TreeMap<String, Watched> watched = new TreeMap<>();
    /** In which life of its process each node was heard last, also while nobody relies on it. */
    private final TreeMap<String, UUID> lives = new TreeMap<>();
    /** By group, the nodes that said last that they do not have it any more. */
    private final TreeMap<String, Set<String>> gone = new TreeMap<>();

    /**
     * A group is to be told that a node it relied on has fallen silent.
     *
     * @param group the group's name
     * @param node the node's
     * @param since when it was last heard, in nanoseconds
     */
    public record Silent(String group, String node, long since) {}

    private static final class Watched {
        private final Set<String> groups = new TreeSet<>();
        private long heardAt;

        Watched(long now) {
            heardAt = now;
        }
    }

    /**
     * A Vigil over nobody.
     *
     * @param timeout T in nanoseconds
     */
    public Vigil(long timeout) {
        this.timeout = timeout;
    }

    /**
     * A group relies on these nodes from now on, and on no others.
     *
     * @param group its name
     * @param nodes the nodes; empty if it is awake
     * @param now nanoseconds on a monotonic clock
     * @return who is to be told at once: a node's word that it has the group no more came before the group fell asleep
     */
    public List<Silent> rely(String group, Collection<String> nodes, long now) {
        watched.forEach((node, those) -> {
            if (!nodes.contains(node)) {
                those.groups.remove(group);
            }
        });
        nodes.forEach(node ->
                watched.computeIfAbsent(node, met -> new Watched(now)).groups.add(group));
        forgetUnwatched();
        List<Silent> silent = new ArrayList<>();
        Set<String> without = gone.getOrDefault(group, Set.of());
        nodes.stream().filter(without::contains).forEach(node -> silent.addAll(left(node, group, now)));
        return silent;
    }

    /**
     * Another node has said something for a group: it has it.
     *
     * @param node the node's name
     * @param group the group's
     */
    public void speaks(String node, String group) {
        Set<String> without = gone.get(group);
        if (without != null && without.remove(node) && without.isEmpty()) {
            gone.remove(group);
        }
    }

    /**
     * A group has ended on this node.
     *
     * @param group its name
     * @return the nodes that are to be told since they may rely on this one: also one on which the group has fallen
     *     asleep a moment earlier than here
     */
    public List<String> ended(String group) {
        Set<String> nodes = new TreeSet<>(lives.keySet());
        watched.forEach((node, those) -> {
            if (those.groups.remove(group)) {
                nodes.add(node);
            }
        });
        forgetUnwatched();
        return List.copyOf(nodes);
    }

    /**
     * Another node was heard.
     *
     * @param node the node in this life of its process
     * @param now nanoseconds
     * @return who is to be told, since it has lived through a restart that the groups do not know of
     */
    public List<Silent> heard(Peer node, long now) {
        @Nullable UUID before = lives.put(node.node(), node.incarnation());
        Watched those = watched.get(node.node());
        if (those == null) {
            return List.of();
        }
        long since = those.heardAt;
        those.heardAt = now;
        return before == null || before.equals(node.incarnation()) ? List.of() : fallSilent(node.node(), since);
    }

    /**
     * Another node no longer has a group.
     *
     * @param node the node's name
     * @param group the group's
     * @param now nanoseconds
     * @return who is to be told
     */
    public List<Silent> left(String node, String group, long now) {
        gone.computeIfAbsent(group, name -> new TreeSet<>()).add(node);
        Watched those = watched.get(node);
        if (those == null || !those.groups.remove(group)) {
            return List.of();
        }
        forgetUnwatched();
        return List.of(new Silent(group, node, now));
    }

    /**
     * Looks who has not been heard for three quarters of T: early enough for a leader to be heard itself before T has
     * passed.
     *
     * @param now nanoseconds
     * @return who is to be told
     */
    public List<Silent> look(long now) {
        List<Silent> silent = new ArrayList<>();
        watched.entrySet().removeIf(entry -> {
            Watched those = entry.getValue();
            boolean gone = now - those.heardAt >= timeout / 4 * 3;
            if (gone) {
                those.groups.forEach(group -> silent.add(new Silent(group, entry.getKey(), those.heardAt)));
            }
            return gone;
        });
        return silent;
    }

    /**
     * The nodes that some group relies on, and which are to hear that this one is there.
     *
     * @return their names
     */
    public List<String> nodes() {
        return List.copyOf(watched.keySet());
    }

    private List<Silent> fallSilent(String node, long since) {
        Watched those = watched.remove(node);
        return those == null
                ? List.of()
                : those.groups.stream()
                        .map(group -> new Silent(group, node, since))
                        .toList();
    }

    private void forgetUnwatched() {
        watched.values().removeIf(those -> those.groups.isEmpty());
    }
}
