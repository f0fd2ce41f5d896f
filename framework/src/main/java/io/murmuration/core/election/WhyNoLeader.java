package io.murmuration.core.election;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says in a sentence why this node knows of no leader. */
final class WhyNoLeader {
    private WhyNoLeader() {}

    static String say(Desk desk, Contacts contacts, @Nullable Campaign campaign, boolean inGrace, long now) {
        Members members = desk.members;
        if (!desk.informed) {
            return "This node has just started, and its log has not told the members yet.";
        }
        if (members.equals(Members.NONE)) {
            return "This node was invited into the group, and no leader has told it of itself yet.";
        }
        if (members.voters().isEmpty()) {
            return "The group has no voter, so nobody can be elected.";
        }
        // A live voter answers a pre-vote, and one is sent at least each 2 T.
        List<Peer> silent = members.everyone()
                .filter(peer -> members.votes(peer) && !peer.equals(desk.self))
                .filter(peer -> contacts.silence(peer, now) >= 3 * desk.timeout)
                .toList();
        if (!Quorum.reached(members, peer -> !silent.contains(peer))) {
            return silence(silent, contacts, now) + "; " + needed(members);
        }
        if (!desk.mayStand) {
            return "This node does not vote, and no leader has told it of itself yet.";
        }
        if (campaign != null) {
            String stage = campaign.role() == Role.CANDIDATE ? " votes." : " pre-votes.";
            return "An election is going on: " + campaign.votes() + " of " + majority(members) + stage;
        }
        return inGrace
                ? "This node was restarted and waits for one election time-out before it votes."
                : "No leader is known; this node will stand for election if none is heard soon.";
    }

    private static String silence(List<Peer> silent, Contacts contacts, long now) {
        List<String> names = silent.stream().map(Peer::node).distinct().toList();
        int end = names.size() - 1;
        String who = end == 0 ? names.get(0) : String.join(", ", names.subList(0, end)) + " and " + names.get(end);
        long shortest = silent.stream()
                .mapToLong(peer -> contacts.silence(peer, now))
                .min()
                .orElse(0);
        return String.format(
                Locale.ROOT, "%s %s not answered for %.1f s", who, end == 0 ? "has" : "have", shortest / 1e9);
    }

    private static String needed(Members members) {
        return members.outgoing().isEmpty()
                ? "a majority of " + members.voters().size() + " is needed."
                : "a majority of " + members.voters().size() + " and a majority of "
                        + members.outgoing().size() + " are needed while the members change.";
    }

    private static int majority(Members members) {
        return members.voters().size() / 2 + 1;
    }
}
