package io.murmuration.actor;

import static io.murmuration.actor.FollowerWords.seconds;

import io.murmuration.core.election.Health;
import io.murmuration.core.log.LogView;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Says in words why a leader's entry is not committed: who holds it, who does not and why, and how many must (§5.3,
 * §5.4.2, §6).
 *
 * @param self this node
 * @param entry the first entry of the leader's own term that is not committed
 * @param health since when nothing was committed, and whether the own disk hangs
 * @param log the leader's log
 * @param followers the others
 */
record CommitWords(String self, EntryId entry, Health health, LogView log, List<FollowerWords> followers) {
    String sentence() {
        Members members = log.members();
        List<String> holders = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (Peer voter : voters(members)) {
            if (holds(voter)) {
                holders.add(voter.node());
            } else {
                reasons.add(why(voter));
            }
        }
        return String.format(
                Locale.ROOT,
                "Index %,d of term %,d is not committed, and nothing was for %s: %s it durably, and %s. %s.",
                entry.index(),
                entry.term(),
                seconds(health.commit()),
                holders.isEmpty() ? "nobody holds" : list(holders) + (holders.size() == 1 ? " holds" : " hold"),
                needed(members),
                String.join("; ", reasons));
    }

    private String needed(Members members) {
        return members.outgoing().isEmpty()
                ? majority(members.voters()) + " must"
                : majority(members.voters()) + " and " + majority(members.outgoing())
                        + " must while the members change";
    }

    private static String majority(List<Peer> voters) {
        return (voters.size() / 2 + 1) + " of "
                + list(voters.stream().map(Peer::node).toList());
    }

    private static List<Peer> voters(Members members) {
        return Stream.concat(members.voters().stream(), members.outgoing().stream())
                .distinct()
                .toList();
    }

    private boolean holds(Peer voter) {
        return voter.node().equals(self)
                ? log.durable() >= entry.index()
                : follower(voter).anyMatch(words -> words.follower().counted() >= entry.index());
    }

    private Stream<FollowerWords> follower(Peer voter) {
        return followers.stream().filter(words -> words.follower().peer().equals(voter));
    }

    private String why(Peer voter) {
        if (voter.node().equals(self)) {
            return self + ", this node, has waited for its own disk for "
                    + seconds(Math.max(log.oldestWrite(), health.disk()));
        }
        return follower(voter)
                .map(FollowerWords::reason)
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElse(voter.node() + " answers and is being sent it");
    }

    private static String list(List<String> names) {
        int end = names.size() - 1;
        return end == 0 ? names.get(0) : String.join(", ", names.subList(0, end)) + " and " + names.get(end);
    }
}
