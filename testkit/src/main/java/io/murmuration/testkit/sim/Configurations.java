package io.murmuration.testkit.sim;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Which members are in force in each node's log (§6: committed or not), as seen from outside. Mutable. */
final class Configurations {
    /** By node: the members in force after its last step; none while its replica does not run. */
    private final Members[] before;
    /** By node: the members in force by now, within a step. */
    private final Members[] inForce;

    private Members founders = Members.NONE;

    Configurations(SimGroup group) {
        before = new Members[group.names().size()];
        inForce = new Members[group.names().size()];
        Arrays.fill(before, Members.NONE);
        Arrays.fill(inForce, Members.NONE);
    }

    void founded(Members members) {
        founders = members;
    }

    /** Whom the founders named, or nobody before. */
    Members founders() {
        return founders;
    }

    void changed(SimNode node, Members members) {
        inForce[node.number()] = members;
    }

    void stepped(SimNode node) {
        before[node.number()] = inForce[node.number()];
    }

    Members of(SimNode node) {
        return inForce[node.number()];
    }

    /** The members that a node may have counted by in the step that it is in: it may change them behind a decision. */
    Set<Members> countedBy(SimNode node) {
        return new LinkedHashSet<>(List.of(before[node.number()], inForce[node.number()]));
    }

    /** All that are in force anywhere. */
    Set<Members> known() {
        Set<Members> known = new LinkedHashSet<>();
        known.add(founders);
        known.addAll(Arrays.asList(before));
        known.addAll(Arrays.asList(inForce));
        known.remove(Members.NONE);
        return known;
    }

    /** Whether a majority of the old and one of the new voters can still speak for themselves, wherever they count. */
    static boolean survives(Members members, Predicate<Peer> able) {
        return majority(members.voters(), able) && (members.outgoing().isEmpty() || majority(members.outgoing(), able));
    }

    private static boolean majority(List<Peer> voters, Predicate<Peer> able) {
        return 2 * voters.stream().filter(able).count() > voters.size();
    }
}
