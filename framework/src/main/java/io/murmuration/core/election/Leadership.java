package io.murmuration.core.election;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
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
 *
 * <p>Where nothing has gone on for T, and all others say so too, the group dozes: rounds start each
 * {@link #DOZE_TIMEOUTS} T only, and a follower counts as heard until its node is said to be silent. That stands in for
 * the answers which check-quorum wants, and for no other: a read, and a lease, wait for a round that was answered.
 */
final class Leadership {
    /** After how many election time-outs a round starts while the group dozes. */
    static final int DOZE_TIMEOUTS = 2;
    /** A group falls asleep only if the others are not further behind than so many rounds. */
    private static final int ROUNDS_BEHIND_MAX = 5;

    private final Desk desk;
    private final Reads reads = new Reads();
    private final TreeMap<Peer, Follower> followers = new TreeMap<>();
    private final Lease lease;
    private final Succession succession;
    private long round;
    private long beatAt;
    private long quorumCheckAt;
    /** Whether nothing goes on, as far as the last round could tell, and since when. */
    private boolean quiet;

    private long quietSince;
    /** Whether the last round has told the others to doze. They do so at once, and this node when all have said so. */
    private boolean offers;

    private boolean dozing;

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
        boolean quietForT = desk.settings.dozes() && isQuietForT(now);
        boolean dozed = dozing;
        fallAsleep(quietForT && all(follower -> dozes(follower) && (!dozing || follower.answered == round)), now);
        offers = quietForT && (dozing || !dozed);
        round++;
        beatAt = now + desk.timeout / 10;
        if (dozing) {
            // All groups of a node at the same moments, so that their heartbeats leave in one message.
            long span = DOZE_TIMEOUTS * desk.timeout;
            beatAt = now + span - Math.floorMod(now, span);
            quorumCheckAt = beatAt + desk.timeout;
        }
        lease.started(round, now);
        String told = "";
        for (Map.Entry<Peer, Follower> each : followers.entrySet()) {
            Follower follower = each.getValue();
            boolean silent = !dozing && now - follower.heardAt >= desk.timeout;
            if (!silent || now - follower.sentAt >= desk.timeout / 2) {
                follower.sentAt = now;
                // Two lives of one node have one name, and stand next to each other.
                if (!told.equals(each.getKey().node())) {
                    told = each.getKey().node();
                    desk.send(each.getKey(), new Heartbeat(desk.term(), round, offers));
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
            if (dozing && !reply.dozes()) {
                rouse(now);
                startRound(now);
            }
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
        // Also where it need not wait: somebody asks, and the lease is to hold for the next one, too.
        rouse(now);
        quiet = false;
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
        List<Peer> dozed = offers ? List.copyOf(followers.keySet()) : List.of();
        rouse(now);
        meet(now);
        dozed.stream().filter(peer -> !followers.containsKey(peer)).forEach(this::wake);
        lease.membersChanged();
        if (!reads.isEmpty()) {
            reads.waitFor(round + 1);
            startRound(now);
        }
    }

    /** Log has a part in a hand-over. */
    void handOver(HandOverStep step, long now) {
        askAgain(now);
        succession.step(step, now);
    }

    /** This node is being stopped. */
    void retire(long now) {
        askAgain(now);
        succession.retire(now);
    }

    /** Leadership is lost: whoever dozes on is told that its patience is of no use any more. */
    void end() {
        if (offers) {
            followers.keySet().forEach(this::wake);
        }
        if (dozing) {
            desk.emit(new Effect.Doze(List.of()));
        }
        reads.refuseAll(desk);
    }

    /** It may doze, and nobody will tell it any more that it relies on this node in vain. */
    private void wake(Peer peer) {
        desk.send(peer, new Heartbeat(desk.term(), round));
    }

    /** Something waits on this node: all are to answer again, and stalls are looked for. */
    void pulsed(long now) {
        if (dozing && desk.pulses.waits()) {
            rouse(now);
            startRound(now);
        }
    }

    /** A node that this group relied on while it dozed has fallen silent. */
    void silent(String node, long since, long now) {
        if (!dozing) {
            return;
        }
        rouse(node, since, now);
        startRound(now);
    }

    private boolean isQuietForT(long now) {
        EntryId last = desk.pulses.last();
        boolean before = quiet;
        quiet = desk.pulses.settled(now)
                && reads.isEmpty()
                && succession.isAtEase()
                && followers.entrySet().stream().allMatch(each -> isQuiet(each.getKey(), each.getValue(), last));
        if (!before || !quiet) {
            quietSince = now;
        }
        return quiet && (dozing || now - quietSince >= desk.timeout);
    }

    /** It answers, is well, has all that this node has, and nobody would rather have it lead. */
    private boolean isQuiet(Peer peer, Follower follower, EntryId last) {
        HeartbeatReply said = follower.said;
        return said != null
                && round - follower.answered <= ROUNDS_BEHIND_MAX
                && said.healthy()
                && said.last().equals(last)
                && said.applied() == desk.pulses.applied()
                && (said.priority() <= desk.settings.priority() || !desk.members.votes(peer));
    }

    private static boolean dozes(Follower follower) {
        HeartbeatReply said = follower.said;
        return said != null && said.dozes();
    }

    private boolean all(Predicate<Follower> condition) {
        return followers.values().stream().allMatch(condition);
    }

    private void fallAsleep(boolean sleeps, long now) {
        if (!sleeps) {
            rouse(now);
        } else if (!dozing) {
            dozing = true;
            desk.emit(
                    new Effect.Doze(followers.keySet().stream().map(Peer::node).toList()));
        }
    }

    /** Something goes on: from now on all must answer again, and who did not need to is not behind. */
    private void rouse(long now) {
        rouse(null, now, now);
    }

    /** The same; one node was heard until a moment that has passed. */
    private void rouse(@Nullable String node, long since, long now) {
        if (!dozing) {
            return;
        }
        dozing = false;
        quiet = false;
        followers.forEach((peer, follower) -> {
            if (!peer.node().equals(node)) {
                follower.heardAt = now;
            } else if (since - follower.heardAt > 0) {
                follower.heardAt = since;
            }
        });
        beatAt = now + desk.timeout / 10;
        quorumCheckAt = now + desk.timeout;
        desk.emit(new Effect.Doze(List.of()));
    }

    /** Who is to take over must have answered a moment ago. */
    private void askAgain(long now) {
        if (dozing) {
            rouse(now);
            startRound(now);
        }
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
            heard.add(new Heard(peer, dozing ? 0 : now - follower.heardAt, said == null || said.healthy()));
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
