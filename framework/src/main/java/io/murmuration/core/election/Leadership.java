package io.murmuration.core.election;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One leadership of one term: rounds of heartbeats, check-quorum, and reads that wait for a round (§5.2, thesis 6.2 and
 * 6.4). Mutable.
 *
 * <p>Replies count only from an (id, incarnation) among the members, for majorities only from voters [A7]. A peer
 * silent for T gets one heartbeat each T/2, since the transport queues whatever is sent and delivers it late [C5].
 *
 * <p>Last, applied, health and priority of each follower arrive by its heartbeat replies; whether one of them should
 * lead instead is {@link Succession}'s business. With a {@link Lease} a read waits for no round.
 */
final class Leadership {
    private final Desk desk;
    private final Reads reads = new Reads();
    private final TreeMap<Peer, Follower> followers = new TreeMap<>();
    private final Lease lease;
    private final Succession succession;
    private long round;
    private long beatAt;
    private long quorumCheckAt;

    private static final class Follower {
        long heardAt;
        long sentAt;
        long answered;

        @Nullable
        HeartbeatReply said;

        Follower(long now) {
            heardAt = now;
            sentAt = now;
        }
    }

    Leadership(Desk desk, long now) {
        this.desk = desk;
        this.beatAt = now;
        this.quorumCheckAt = now + desk.timeout;
        this.lease = new Lease(desk.settings.leaseNanos());
        this.succession = new Succession(desk, this::votersHeard, lease, now);
        desk.pulses.leads(now);
        meet(now);
    }

    /** When the next round is due. */
    long beatAt() {
        return beatAt;
    }

    /** When {@link #hasQuorum} is to be asked. */
    long quorumCheckAt() {
        return quorumCheckAt;
    }

    /**
     * A new round: every other member that is not silent hears of it, and this node's own Log and Machine are asked for
     * a pulse.
     */
    void startRound(long now) {
        round++;
        beatAt = now + desk.timeout / 10;
        lease.started(round, now);
        String told = "";
        for (Map.Entry<Peer, Follower> each : followers.entrySet()) {
            Follower follower = each.getValue();
            boolean silent = now - follower.heardAt >= desk.timeout;
            if (!silent || now - follower.sentAt >= desk.timeout / 2) {
                follower.sentAt = now;
                // Two lives of one node have one name, and stand next to each other.
                if (!told.equals(each.getKey().node())) {
                    told = each.getKey().node();
                    desk.send(each.getKey(), new Heartbeat(desk.term(), round));
                }
            }
        }
        desk.askPulses(now);
        confirmed();
        succession.look(now);
    }

    /** A reply of this term. */
    void answered(Peer from, HeartbeatReply reply, long now) {
        Follower follower = followers.get(from);
        if (follower == null || reply.round() > round) {
            return;
        }
        follower.heardAt = now;
        if (reply.round() >= follower.answered) {
            follower.answered = reply.round();
            follower.said = reply;
        }
        confirmed();
        if (!reads.isEmpty() && !roundIsUnderWay()) {
            startRound(now);
        }
    }

    /**
     * A read waits for a round that starts from now on: at once if none is under way, else the next, which starts when
     * this one is confirmed or T/10 has passed (protocol rule Machine 5). Under a lease, which is looked at after the
     * read's index was taken, it waits for nothing.
     */
    void confirm(String asker, UUID life, long id, long index, long now) {
        if (lease.holds(now)) {
            Reads.ready(desk, asker, life, id, index);
            return;
        }
        if (reads.isFull()) {
            Reads.refuse(desk, asker, life, id, ClientRpc.Refusal.OVERLOADED, desk.self.node());
            return;
        }
        reads.add(asker, life, id, index, round + 1);
        if (!roundIsUnderWay()) {
            startRound(now);
        }
    }

    /** Whether a majority, this node included, was heard within T (check-quorum, thesis 6.2). Asked again T later. */
    boolean hasQuorum(long now) {
        quorumCheckAt = now + desk.timeout;
        return Quorum.reached(desk.members, peer -> {
            Follower follower = followers.get(peer);
            return peer.equals(desk.self) || (follower != null && now - follower.heardAt < desk.timeout);
        });
    }

    /** Other members are in force: no answer given before counts for a read. */
    void membersChanged(long now) {
        meet(now);
        lease.membersChanged();
        if (!reads.isEmpty()) {
            reads.waitFor(round + 1);
            startRound(now);
        }
    }

    /** Log has a part in a hand-over. */
    void handOver(HandOverStep step, long now) {
        succession.step(step, now);
    }

    /** This node is being stopped. */
    void retire(long now) {
        succession.retire(now);
    }

    /** Leadership is lost. */
    void end() {
        reads.refuseAll(desk);
    }

    private void confirmed() {
        long round = confirmedRound();
        lease.confirmed(round);
        reads.confirmed(round, desk);
    }

    /** The other voters that were heard within T, with what they said last. */
    private Collection<Standing> votersHeard(long now) {
        List<Standing> heard = new ArrayList<>();
        followers.forEach((peer, follower) -> {
            HeartbeatReply said = follower.said;
            if (said != null && now - follower.heardAt < desk.timeout && desk.members.votes(peer)) {
                heard.add(new Standing(peer, said, desk.members.voters().contains(peer)));
            }
        });
        return heard;
    }

    /** What is known of the others. */
    List<Heard> heard(long now) {
        List<Heard> heard = new ArrayList<>();
        followers.forEach((peer, follower) -> {
            HeartbeatReply said = follower.said;
            heard.add(new Heard(peer, now - follower.heardAt, said == null || said.healthy()));
        });
        return heard;
    }

    private boolean roundIsUnderWay() {
        return confirmedRound() < round;
    }

    /**
     * The latest round that a majority, this node included, has answered; a later answer includes the earlier rounds.
     */
    private long confirmedRound() {
        return Quorum.agreed(desk.members, peer -> {
            @Nullable Follower follower = followers.get(peer);
            return peer.equals(desk.self) ? round : follower == null ? 0 : follower.answered;
        });
    }

    private void meet(long now) {
        // Two lives of one node, while a lost disk is replaced: whichever is there answers, and counts as what it is.
        List<Peer> others = desk.members.everyone().toList();
        followers.keySet().retainAll(others);
        others.stream()
                .filter(peer -> !peer.node().equals(desk.self.node()))
                .forEach(peer -> followers.computeIfAbsent(peer, met -> new Follower(now)));
    }
}
