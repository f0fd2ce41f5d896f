package io.murmuration.core.election;

import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.Collection;
import java.util.Optional;

/**
 * Who may take over (protocol rule Election 8). A voter that was heard within T and is well; whoever is told to
 * campaign without being brought level first must also be able to win without this node's vote, which its disk or its
 * longer log denies: a leader is never thrown out for nobody.
 */
final class SuccessorRule {
    private SuccessorRule() {}

    /** Whoever of those that are well has the most of the log. */
    static Optional<Peer> furthest(Collection<Standing> heard) {
        return mostOf(heard.stream().filter(Standing::fit).toList());
    }

    /** The furthest of those that are well and win by the votes of the others alone. */
    static Optional<Peer> winner(Members members, Collection<Standing> heard) {
        return mostOf(heard.stream()
                .filter(standing -> standing.fit() && wins(members, standing.last(), heard))
                .toList());
    }

    /** Of those that are well and have applied more than this, whoever has applied most. */
    static Optional<Peer> appliedMore(long applied, Collection<Standing> heard) {
        return heard.stream()
                .filter(standing -> standing.fit() && standing.said().applied() > applied)
                .reduce((one, other) -> other.said().applied() > one.said().applied() ? other : one)
                .map(Standing::peer);
    }

    /** Of those that are well, level and of a higher priority than this, whoever has the highest. */
    static Optional<Peer> preferred(int priority, long level, Collection<Standing> heard) {
        return heard.stream()
                .filter(standing -> standing.fit()
                        && standing.said().priority() > priority
                        && standing.last().index() >= level)
                .reduce((one, other) -> other.said().priority() > one.said().priority() ? other : one)
                .map(Standing::peer);
    }

    private static boolean wins(Members members, EntryId last, Collection<Standing> heard) {
        return Quorum.reached(
                members,
                voter -> heard.stream()
                        .anyMatch(standing ->
                                standing.peer().equals(voter) && last.atLeastAsUpToDateAs(standing.last())));
    }

    private static Optional<Peer> mostOf(Collection<Standing> some) {
        return some.stream()
                .reduce((one, other) -> one.last().atLeastAsUpToDateAs(other.last()) ? one : other)
                .map(Standing::peer);
    }
}
