package io.murmuration.testkit.sim;

import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks terms, votes and leaders, by what nodes say to each other. Mutable. */
final class Elections {
    private final Map<Long, String> leaders = new HashMap<>();
    /** By node: the candidate of each term that it has voted for, in this life of its disk. */
    private final Map<String, Map<Long, String>> votes = new HashMap<>();
    /** All votes that were ever given. */
    private final Set<Vote> given = new HashSet<>();
    /** By node: the ballot that its disk would tell after a power failure. */
    private final Ballot[] ballots;
    /** By node: the highest term that it has given its vote in. */
    private final long[] fences;
    /** By node: the highest term that its Election has said. */
    private final long[] said;
    /** By node: the highest term that its Election has taken, in this life of the replica. */
    private final long[] taken;

    private final Configurations configurations;

    private record Vote(Peer voter, long term, String candidate) {}

    Elections(SimGroup group, Configurations configurations) {
        this.configurations = configurations;
        this.ballots = new Ballot[group.names().size()];
        Arrays.fill(ballots, Ballot.NONE);
        this.fences = new long[group.names().size()];
        this.said = new long[group.names().size()];
        this.taken = new long[group.names().size()];
        group.names().forEach(name -> votes.put(name, new HashMap<>()));
    }

    void says(SimNode node, String other, ElectionRpc message) {
        if (!(message instanceof ElectionRpc.PreVote)) {
            long highest = said[node.number()];
            if (message.term() < highest) {
                throw Invariant.TERM_NEVER_FALLS.violatedBy(
                        node.name() + " says " + Words.of(message) + " after it has spoken in term " + highest + ".");
            }
            said[node.number()] = message.term();
            requireDurable(node, message.term(), message);
        }
        if (message instanceof ElectionRpc.VoteReply reply && reply.granted()) {
            votes(node, reply.term(), other);
            requireDurableVote(node, reply.term(), other);
            requireFence(node, reply.term());
        } else if (message instanceof ElectionRpc.RequestVote request) {
            votes(node, request.term(), node.name());
            requireDurableVote(node, request.term(), node.name());
            requireFence(node, request.term());
        } else if (message instanceof ElectionRpc.Heartbeat heartbeat) {
            leads(node, heartbeat.term());
        }
    }

    /** Whatever a node says of a term, a crash must not take that term back. */
    void requireDurable(SimNode node, long term, Object message) {
        if (term > ballots[node.number()].term()) {
            throw Invariant.BALLOT_FIRST.violatedBy(node.name() + " says " + Words.of(message) + ", but its disk knows "
                    + ballots[node.number()] + ".");
        }
    }

    private void requireDurableVote(SimNode node, long term, String candidate) {
        Ballot ballot = ballots[node.number()];
        Peer known = ballot.term() == term ? ballot.votedFor() : null;
        if (ballot.term() <= term && (known == null || !known.node().equals(candidate))) {
            throw Invariant.BALLOT_FIRST.violatedBy(node.name() + " gives " + candidate + " its vote of term " + term
                    + ", but its disk knows " + ballot + ".");
        }
    }

    void durable(SimNode node, List<StoreRecord> records) {
        for (StoreRecord record : records) {
            if (record instanceof StoreRecord.BallotCast cast) {
                ballots[node.number()] = cast.ballot();
            }
        }
    }

    private void requireFence(SimNode node, long term) {
        ReplicatedLog log = node.log();
        if (log == null || log.fence() < term) {
            throw Invariant.FENCE.violatedBy(node.name() + " votes in term " + term + ", but its Log's fence is "
                    + (log == null ? "gone" : log.fence()) + ".");
        }
        fences[node.number()] = Math.max(fences[node.number()], term);
    }

    /** Below which term a node's Log must acknowledge nothing, since it has voted. */
    long fence(SimNode node) {
        return fences[node.number()];
    }

    private void votes(SimNode node, long term, String candidate) {
        given.add(new Vote(Objects.requireNonNull(node.self()), term, candidate));
        String before = votes(node).putIfAbsent(term, candidate);
        if (before != null && !before.equals(candidate)) {
            throw Invariant.ONE_VOTE.violatedBy(
                    node.name() + " gives " + candidate + " its vote of term " + term + ", which " + before + " has.");
        }
    }

    private Map<Long, String> votes(SimNode node) {
        return votes.computeIfAbsent(node.name(), name -> new HashMap<>());
    }

    void won(SimNode node, long term) {
        leads(node, term);
        // Nobody hears a candidate's vote for itself where it is the only voter.
        votes(node, term, node.name());
        requireDurableVote(node, term, node.name());
        Members members = configurations.of(node);
        if (!Configurations.survives(members, voter -> given.contains(new Vote(voter, term, node.name())))) {
            List<String> votes = given.stream()
                    .filter(vote -> vote.term() == term && vote.candidate().equals(node.name()))
                    .map(vote -> vote.voter().toString())
                    .sorted()
                    .toList();
            throw Invariant.WON_BY_MAJORITY.violatedBy(
                    node.name() + " leads term " + term + " with the votes of " + votes + ", by " + members + ".");
        }
    }

    private void leads(SimNode node, long term) {
        String before = leaders.putIfAbsent(term, node.name());
        if (before != null && !before.equals(node.name())) {
            throw Invariant.ELECTION_SAFETY.violatedBy(
                    before + " and " + node.name() + " both lead term " + term + ".");
        }
    }

    void became(SimNode node, long term) {
        if (term < taken[node.number()]) {
            throw Invariant.TERM_NEVER_FALLS.violatedBy(
                    node.name() + " goes from term " + taken[node.number()] + " to term " + term + ".");
        }
        taken[node.number()] = term;
    }

    /** What it said before its end must be in what it knows now. */
    void recovered(SimNode node, Recovered recovered) {
        Ballot ballot = recovered.ballot();
        taken[node.number()] = ballot.term();
        if (ballot.term() < said[node.number()]) {
            throw Invariant.NEVER_FORGETS.violatedBy(
                    node.name() + " spoke in term " + said[node.number()] + ", but its journal says " + ballot + ".");
        }
        String candidate = votes(node).get(ballot.term());
        String known = ballot.votedFor() == null ? null : ballot.votedFor().node();
        if (candidate != null && !candidate.equals(known)) {
            throw Invariant.NEVER_FORGETS.violatedBy(node.name() + " gave " + candidate + " its vote of term "
                    + ballot.term() + ", but its journal says " + ballot + ".");
        }
    }

    /** Another disk is another voter. */
    void wiped(SimNode node) {
        said[node.number()] = 0;
        fences[node.number()] = 0;
        ballots[node.number()] = Ballot.NONE;
        votes(node).clear();
    }

    @Nullable
    String leader(long term) {
        return leaders.get(term);
    }

    long leaders() {
        return leaders.size();
    }
}
