package io.murmuration;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.List;

/**
 * Who belongs to a group, by the names of their nodes (§6).
 *
 * @param voters those who vote and are counted; sorted
 * @param outgoing while the voters change: all voters of the old configuration, those who stay included; a majority of
 *     them is needed too. Else empty
 * @param learners those who receive the log and are not counted, most often on their way to become voters; sorted
 * @since 0.1.0
 */
public record MembersView(List<String> voters, List<String> outgoing, List<String> learners) {
    /** Copies the lists. */
    public MembersView {
        voters = List.copyOf(voters);
        outgoing = List.copyOf(outgoing);
        learners = List.copyOf(learners);
    }

    /**
     * The names of members.
     *
     * @param members with their incarnations
     * @return without them
     */
    public static MembersView of(Members members) {
        return new MembersView(names(members.voters()), names(members.outgoing()), names(members.learners()));
    }

    private static List<String> names(List<Peer> peers) {
        return peers.stream().map(Peer::node).distinct().toList();
    }
}
