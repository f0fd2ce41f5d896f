package io.murmuration.core.election;

import io.murmuration.core.model.ElectionRpc.PreVote;
import io.murmuration.core.model.ElectionRpc.RequestVote;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One candidacy: first for pre-votes, or for votes. Mutable. Nothing is asked of others before Log has answered the
 * fence (F3), and the members in that answer are the ones who count. Each voter, in one life of its disk, counts once.
 */
final class Campaign {
    private final Role role;
    private final boolean transfer;
    private final long attempt;
    private final TreeSet<Peer> granted = new TreeSet<>();
    private Members members = Members.NONE;
    private EntryId last = EntryId.NONE;
    private boolean asked;

    private Campaign(Role role, boolean transfer, long attempt) {
        this.role = role;
        this.transfer = transfer;
        this.attempt = attempt;
    }

    static Campaign forPreVotes(long attempt) {
        return new Campaign(Role.PRE_CANDIDATE, false, attempt);
    }

    static Campaign forVotes(long attempt, boolean transfer) {
        return new Campaign(Role.CANDIDATE, transfer, attempt);
    }

    Role role() {
        return role;
    }

    /** Whether this fence was asked for this candidacy, not for an earlier one. */
    boolean waitsFor(long answered) {
        return !asked && attempt == answered;
    }

    /**
     * Log has told its position: "To begin an election, a follower ... votes for itself and issues RequestVote RPCs"
     * (§5.2).
     */
    void ask(Desk desk, EntryId ownLast, Members counting) {
        asked = true;
        last = ownLast;
        members = counting;
        if (counting.votes(desk.self)) {
            granted.add(desk.self);
        }
        others(desk.self)
                .forEach(peer -> desk.send(
                        peer,
                        role == Role.CANDIDATE
                                ? new RequestVote(desk.term(), last, transfer)
                                : new PreVote(desk.term() + 1, last)));
    }

    /** Asks whoever has not agreed a second time for a pre-vote, with the position of the first time. */
    void askAgain(Desk desk) {
        if (asked) {
            others(desk.self).stream()
                    .filter(peer -> !granted.contains(peer))
                    .forEach(peer -> desk.send(peer, new PreVote(desk.term() + 1, last)));
        }
    }

    /** By name, each once: of two incarnations whichever is there answers, and it counts if it votes. */
    private List<Peer> others(Peer self) {
        TreeMap<String, Peer> named = new TreeMap<>();
        members.everyone().filter(members::votes).forEach(peer -> named.put(peer.node(), peer));
        named.remove(self.node());
        return List.copyOf(named.values());
    }

    /** Somebody agreed, in answer to this candidacy's role and term. */
    void granted(Peer from) {
        if (asked && members.votes(from)) {
            granted.add(from);
        }
    }

    /**
     * "A candidate wins an election if it receives votes from a majority of the servers in the full cluster for the
     * same term."
     */
    boolean reached() {
        return asked && Quorum.reached(members, granted::contains);
    }

    int votes() {
        return granted.size();
    }
}
