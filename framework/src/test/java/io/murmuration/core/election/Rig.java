package io.murmuration.core.election;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * One Election, n1, with a clock that the test moves. Store and Log answer only when the test says so: {@link #settle}
 * lets them answer all, the other methods let them answer nothing.
 */
public final class Rig {
    public static final Duration T = Duration.ofMillis(500);
    public static final Peer N1 = peer("n1");
    public static final Peer N2 = peer("n2");
    public static final Peer N3 = peer("n3");
    public static final Peer N4 = peer("n4");
    public static final Peer N5 = peer("n5");
    public static final Members THREE = Members.voting(List.of(N1, N2, N3));
    public static final UUID LIFE = new UUID(7, 7);

    public final Election election;
    public Members members;
    public EntryId last;
    /** Whether Log lets a node stand that the members do not name any more. */
    public boolean leaving;

    public long now = 5_000_000_000L;

    private Rig(Members members, ElectionSettings settings, Ballot ballot, EntryId last) {
        this.members = members;
        this.last = last;
        this.election = new Election(N1, settings, ballot, new SplittableRandom(42));
    }

    public static Peer peer(String node) {
        return new Peer(node, UUID.nameUUIDFromBytes(node.getBytes(StandardCharsets.UTF_8)));
    }

    /** A node without a past, its Log open. */
    public static Rig of(Members members) {
        return of(members, Ballot.NONE, EntryId.NONE);
    }

    /** A node that has been up for longer than the grace after a restart. */
    public static Rig of(Members members, Ballot ballot, EntryId last) {
        Rig rig = restarted(members, ballot, last);
        rig.now += T.toNanos();
        return rig;
    }

    /** A node that has just been started with this ballot, its Log open. */
    public static Rig restarted(Members members, Ballot ballot, EntryId last) {
        Rig rig = new Rig(members, ElectionSettings.of(T), ballot, last);
        rig.settle(rig.election.start(rig.now));
        return rig;
    }

    /** A node whose Log has not answered yet. */
    public static Rig unopened(Members members, Ballot ballot, EntryId last) {
        return new Rig(members, ElectionSettings.of(T), ballot, last);
    }

    /** A leader of term 1 that has just been elected by n2. */
    public static Rig leading(Members members) {
        return leading(members, ElectionSettings.of(T));
    }

    /** The same with a priority, or with leases. */
    public static Rig leading(Members members, ElectionSettings settings) {
        Rig rig = new Rig(members, settings, Ballot.NONE, EntryId.NONE);
        rig.settle(rig.election.start(rig.now));
        rig.now += T.toNanos();
        rig.standsUntilCandidate();
        rig.receives(N2, new ElectionRpc.VoteReply(rig.term(), true));
        if (rig.role() != Role.LEADER) {
            throw new IllegalStateException("The rig does not lead but is " + rig.role());
        }
        return rig;
    }

    /** A follower of n2 in this term. */
    public static Rig following(Members members, long term, EntryId last) {
        return following(members, term, last, ElectionSettings.of(T));
    }

    /** The same with other settings. */
    public static Rig following(Members members, long term, EntryId last, ElectionSettings settings) {
        Rig rig = new Rig(members, settings, new Ballot(term, null), last);
        rig.settle(rig.election.start(rig.now));
        rig.passes(T);
        rig.settle(rig.receives(N2, new ElectionRpc.Heartbeat(term, 1)));
        return rig;
    }

    /** Lets the timer fire and two pre-votes come, until this node has asked for votes. */
    public List<Effect> standsUntilCandidate() {
        settle(timerFires());
        return settle(receives(N2, new ElectionRpc.PreVoteReply(term(), term() + 1, true)));
    }

    public List<Effect> receives(Peer from, ElectionRpc message) {
        return election.received(from, message, now);
    }

    /** The message comes, then Store and Log answer whatever was asked of them. */
    public List<Effect> receivesAndSettles(Peer from, ElectionRpc message) {
        return settle(receives(from, message));
    }

    /** The clock moves to the moment that the core asked for. */
    public List<Effect> timerFires() {
        now = election.wakeAt();
        return election.wake(now);
    }

    public void passes(Duration time) {
        now += time.toNanos();
    }

    /** Time passes, and the core is woken whenever it asked for it; Store and Log answer. */
    public List<Effect> runsFor(Duration time) {
        long end = now + time.toNanos();
        List<Effect> all = new ArrayList<>();
        while (election.wakeAt() - end <= 0) {
            now = election.wakeAt();
            all.addAll(settle(election.wake(now)));
        }
        now = end;
        return all;
    }

    /** Store and Log answer until they have nothing more to answer; returns all effects in order. */
    public List<Effect> settle(List<Effect> effects) {
        List<Effect> all = new ArrayList<>();
        Deque<Effect> open = new ArrayDeque<>(effects);
        while (!open.isEmpty()) {
            Effect next = open.remove();
            all.add(next);
            if (next instanceof Effect.Persist write) {
                open.addAll(election.written(write.sequence(), now));
            } else if (next instanceof Effect.Fence fence) {
                open.addAll(answers(fence));
            }
        }
        return all;
    }

    /** Log answers one fence with its present end. */
    public List<Effect> answers(Effect.Fence fence) {
        return election.fenced(fence.term(), fence.attempt(), last, members, leaving || members.votes(N1), now);
    }

    public long term() {
        return election.view(now).term();
    }

    public Role role() {
        return election.view(now).role();
    }

    public static <E extends Effect> List<E> only(Class<E> type, List<Effect> effects) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public static <E extends Effect> E one(Class<E> type, List<Effect> effects) {
        List<E> found = only(type, effects);
        if (found.size() != 1) {
            throw new AssertionError("Expected one " + type.getSimpleName() + " in " + effects);
        }
        return found.get(0);
    }

    /** What was said to other Elections, in order. */
    public static List<ElectionRpc> said(List<Effect> effects) {
        return only(Effect.Send.class, effects).stream()
                .map(Effect.Send::message)
                .toList();
    }
}
