package io.murmuration.core.log;

import io.murmuration.core.model.Deadline;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Mutable. One change of members, from the order on: where it is to lead, who of those who join has said who it is, and
 * how far they have caught up. {@link Change} takes the steps.
 */
final class Course {
    final Goal goal;
    /** The members in force when the order came. */
    final Members origin;
    /** By name, who of the joining has answered. */
    final TreeMap<String, Peer> met = new TreeMap<>();
    /** Why the change is given up, once it is. */
    @Nullable
    String failure;

    private final CatchUp catchUp;
    private final long timeout;
    private final long beganAt;
    /** Who of those who are to vote does not answer, if the others are too few to decide. */
    private List<String> silent = List.of();

    private long silentSince = Deadline.NEVER;

    Course(Goal goal, Members origin, long timeout, long now) {
        this.goal = goal;
        this.origin = origin;
        this.timeout = timeout;
        this.beganAt = now;
        this.catchUp = new CatchUp(timeout);
    }

    /** Who of the joining has not said yet who it is. */
    List<String> missing() {
        return goal.joining().stream().filter(name -> !met.containsKey(name)).toList();
    }

    /** Gives up if who is missing has been missing for too long. */
    void checkPatience(long patience, long now) {
        if (now - beganAt >= patience) {
            failure = String.format(
                    Locale.ROOT,
                    "%s does not answer (for %.1f s now): start it with this group, see that murmuration.addresses or"
                            + " the cluster tells where it is, then order again.",
                    Goal.list(missing()),
                    (now - beganAt) / 1e9);
        }
    }

    /** What the members are to be, now that nobody is missing. */
    Members target(Members members) {
        List<Peer> voters = new ArrayList<>();
        for (String name : goal.voters()) {
            Peer joining = met.get(name);
            voters.add(joining != null ? joining : voter(members, name));
        }
        List<Peer> learners = members.learners().stream()
                .filter(peer -> goal.learners().contains(peer.node()))
                .toList();
        return members.then(voters, List.of(), learners);
    }

    /** Who does not vote yet and is to. */
    static List<Peer> newcomers(Members members, Members target) {
        return target.voters().stream()
                .filter(peer -> !members.voters().contains(peer))
                .toList();
    }

    /** The same voters, with the newcomers as learners instead of what else has their names. */
    static Members withLearners(Members members, List<Peer> newcomers) {
        List<Peer> learners = new ArrayList<>(newcomers);
        for (Peer learner : members.learners()) {
            if (newcomers.stream().noneMatch(newer -> newer.node().equals(learner.node()))) {
                learners.add(learner);
            }
        }
        return members.then(members.voters(), List.of(), learners);
    }

    /** Whether all newcomers may vote. If one of them never will, the change fails. */
    boolean caughtUp(List<Peer> newcomers, Replication replication, long end, long now) {
        boolean all = true;
        for (Peer peer : newcomers) {
            Progress learner = replication.progress(peer);
            boolean ready = learner != null && catchUp.ready(learner, end, now);
            if (learner != null && !ready && failure == null) {
                failure = catchUp.hopeless(learner, end, now);
            }
            all &= ready;
        }
        return all;
    }

    /**
     * Whether a majority of those who are to vote answers: if not, the group would be ordered to stand still. A moment
     * may pass before all have spoken to a new leader, or again; then the change fails.
     */
    boolean canDecide(Members target, Peer self, Replication replication, long now) {
        List<String> missing = target.voters().stream()
                .filter(peer -> !peer.equals(self) && !replication.answers(peer, now))
                .map(Peer::node)
                .toList();
        if (2 * missing.size() < target.voters().size()) {
            silent = List.of();
            silentSince = Deadline.NEVER;
            return true;
        }
        silent = missing;
        silentSince = silentSince == Deadline.NEVER ? now : silentSince;
        if (failure == null && now - silentSince >= CatchUp.READY_TIMEOUTS * timeout) {
            failure = "Of " + Goal.list(goal.voters()) + ", who are to vote, these do not answer: "
                    + Goal.list(missing) + ". Without a majority of them the group would stand still: start them, or"
                    + " name others, then order again.";
        }
        return false;
    }

    /** What it waits for while no entry about members is on its way. */
    String how(Replication replication, long end) {
        if (failure != null) {
            return "It is being given up: " + failure;
        }
        if (!missing().isEmpty()) {
            return "Waits for an answer of " + Goal.list(missing()) + "; it must run with this group.";
        }
        if (!silent.isEmpty()) {
            return "Waits until a majority of those who are to vote answers; these do not: " + Goal.list(silent) + ".";
        }
        List<String> learners = new ArrayList<>();
        for (Peer peer : met.values()) {
            Progress learner = replication.progress(peer);
            if (learner != null) {
                learners.add(catchUp.how(learner, end));
            }
        }
        return "Waits until the learners have caught up: " + String.join("; ", learners) + ".";
    }

    private static Peer voter(Members members, String name) {
        return members.voters().stream()
                .filter(peer -> peer.node().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvariantViolation(name + " is to stay a voter, but is none of " + members));
    }
}
