package io.murmuration.actor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * Mutable. Which cluster member is which node, by the role {@code murmuration-node-<name>}. A node that died and was
 * started elsewhere is there twice, since nobody takes the dead one out: of several, the one that can be reached is
 * meant, and of these the one that came last. Whoever joins is told of all of them in the order of their addresses.
 *
 * <p>Only who comes says where it is: who leaves may have a successor under the same name already. Not thread-safe: one
 * actor owns it.
 */
final class Sightings {
    /** What a cluster member's role starts with, to say which node it is. */
    static final String ROLE = "murmuration-node-";

    private static final Set<MemberStatus> COMING =
            Set.of(MemberStatus.joining(), MemberStatus.weaklyUp(), MemberStatus.up());

    private static final class Sighting {
        private Member member;
        private boolean reachable = true;

        Sighting(Member member) {
            this.member = member;
        }

        /**
         * In the order in which the cluster took them in; of two that it has not taken in, the other one came later.
         */
        boolean yieldsTo(Sighting later) {
            if (reachable != later.reachable) {
                return later.reachable;
            }
            return isUp(member) ? member.isOlderThan(later.member) : !isUp(later.member);
        }
    }

    private final Map<String, Map<UniqueAddress, Sighting>> nodes = new HashMap<>();

    /** {@return the name of the node that a member is, if it says so} */
    static Optional<String> node(Member member) {
        return member.getRoles().stream()
                .filter(role -> role.startsWith(ROLE))
                .map(role -> role.substring(ROLE.length()))
                .findFirst();
    }

    /** A member has another status than before, or is there for the first time. */
    void seen(Member member) {
        node(member).ifPresent(node -> {
            Map<UniqueAddress, Sighting> known = nodes.computeIfAbsent(node, name -> new LinkedHashMap<>());
            if (member.status().equals(MemberStatus.removed())) {
                known.remove(member.uniqueAddress());
            } else if (COMING.contains(member.status())) {
                known.computeIfAbsent(member.uniqueAddress(), unique -> new Sighting(member)).member = member;
            }
        });
    }

    /** Other nodes hear a member again, or no longer. Who joins is told so before it is told of the member. */
    void reachable(Member member, boolean reachable) {
        seen(member);
        node(member)
                .map(nodes::get)
                .map(known -> known.get(member.uniqueAddress()))
                .ifPresent(sighting -> sighting.reachable = reachable);
    }

    /** {@return where a node is, or was last; empty if no member that is left says that it is this node} */
    Optional<Address> whereIs(String node) {
        return latest(node).map(sighting -> sighting.member.address());
    }

    /**
     * {@return in which lives a node was elsewhere before it was started where it is} A dead member that nobody takes
     * out keeps others from joining the cluster again.
     */
    List<UniqueAddress> left(String node) {
        List<UniqueAddress> left = new ArrayList<>();
        latest(node).filter(latest -> latest.reachable).ifPresent(latest -> {
            for (Sighting other : nodes.getOrDefault(node, Map.of()).values()) {
                if (!other.reachable && isUp(other.member) && other.member.isOlderThan(latest.member)) {
                    left.add(other.member.uniqueAddress());
                }
            }
        });
        return left;
    }

    private Optional<Sighting> latest(String node) {
        return nodes.getOrDefault(node, Map.of()).values().stream()
                .reduce((one, other) -> one.yieldsTo(other) ? other : one);
    }

    private static boolean isUp(Member member) {
        return member.status().equals(MemberStatus.up());
    }
}
