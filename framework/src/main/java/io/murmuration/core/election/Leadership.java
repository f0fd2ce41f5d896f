package io.murmuration.core.election;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.List;
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
 * <p>This version never sends {@code CampaignNow}, though it obeys it: handing leadership over, on request or because
 * this node's Log or Machine stalls (protocol rules Election 7 and 8), belongs here, where last, applied and health of
 * each follower arrive by its heartbeat replies. There is no lease either.
 */
final class Leadership {
    private final Desk desk;
    private final Reads reads = new Reads();
    private final TreeMap<Peer, Follower> followers = new TreeMap<>();
    private long round;
    private long beatAt;
    private long quorumCheckAt;

    private static final class Follower {
        long heardAt;
        long sentAt;
        long answered;

        Follower(long now) {
            heardAt = now;
            sentAt = now;
        }
    }

    Leadership(Desk desk, long now) {
        this.desk = desk;
        this.beatAt = now;
        this.quorumCheckAt = now + desk.timeout;
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
        followers.forEach((peer, follower) -> {
            boolean silent = now - follower.heardAt >= desk.timeout;
            if (!silent || now - follower.sentAt >= desk.timeout / 2) {
                follower.sentAt = now;
                desk.send(peer, new Heartbeat(desk.term(), round));
            }
        });
        desk.askPulses(now);
        reads.confirmed(confirmedRound(), desk);
    }

    /** A reply of this term. */
    void answered(Peer from, HeartbeatReply reply, long now) {
        Follower follower = followers.get(from);
        if (follower == null || reply.round() > round) {
            return;
        }
        follower.heardAt = now;
        follower.answered = Math.max(follower.answered, reply.round());
        reads.confirmed(confirmedRound(), desk);
        if (!reads.isEmpty() && !roundIsUnderWay()) {
            startRound(now);
        }
    }

    /**
     * A read waits for a round that starts from now on: at once if none is under way, else the next, which starts when
     * this one is confirmed or T/10 has passed (protocol rule Machine 5).
     */
    void confirm(String asker, UUID life, long id, long index, long now) {
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
        if (!reads.isEmpty()) {
            reads.waitFor(round + 1);
            startRound(now);
        }
    }

    /** Leadership is lost. */
    void end() {
        reads.refuseAll(desk);
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
        List<Peer> reachable = desk.members.reachable();
        followers.keySet().retainAll(reachable);
        reachable.stream()
                .filter(peer -> !peer.equals(desk.self))
                .forEach(peer -> followers.computeIfAbsent(peer, met -> new Follower(now)));
    }
}
