package io.murmuration.core.election;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * One node's part in elections: mutable, for one thread. Owns term and vote, and knows who leads (§5.2, §5.4.1, thesis
 * 6.2, 6.4 and 9.6).
 *
 * <p>Each method takes one message and returns what to do, in order. A term is adopted before a role is looked at: "If
 * RPC request or response contains term T &gt; currentTerm: set currentTerm = T, convert to follower" (figure 2),
 * except from a {@code PreVote}, and from a {@code RequestVote} that stickiness or the grace after a restart refuses.
 *
 * <p>The ballot in memory changes when it is decided. What comes while it is being written, or while Log has not
 * answered the fence, is judged against that ballot, never against an older one, and then:
 *
 * <ul>
 *   <li>a request for a vote or pre-vote waits for a fence of its own, behind the write; the newest of an asker
 *       replaces its older ones; if a higher term is adopted meanwhile, it is judged anew as if it had just come;
 *   <li>an answer that tells a term waits until that term is durable, a granted vote until the vote is;
 *   <li>a heartbeat of the new term counts at once (its sender leads, the timer starts anew); Log and Gateway hear of
 *       the leader, and the newest heartbeat is answered, when the fence stands at that term;
 *   <li>the election timer may fire: its candidacy waits like a request, and it is not doubled while it waits.
 * </ul>
 */
public final class Election {
    private final Desk desk;
    private final Roles roles;
    private boolean draining;

    /**
     * An Election that knows what its journal says.
     *
     * @param self this node in this life of its disk
     * @param settings time-out, priority and leases
     * @param recovered the ballot in the journal, which is durable
     * @param random draws the timers
     */
    public Election(Peer self, ElectionSettings settings, Ballot recovered, RandomGenerator random) {
        this.desk = new Desk(self, settings, recovered, random);
        this.roles = new Roles(desk);
    }

    /**
     * The first call of all: asks for the fence that opens Log (F4).
     *
     * @param now nanoseconds on a monotonic clock
     * @return what to do
     */
    public List<Effect> start(long now) {
        roles.start(now);
        return desk.take();
    }

    /**
     * Another node's Election said something.
     *
     * @param from who
     * @param message what
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> received(Peer from, ElectionRpc message, long now) {
        roles.received(from, message, now);
        return desk.take();
    }

    /**
     * The Store has made a ballot durable.
     *
     * @param sequence the write of {@link Effect.Persist}; all before it are durable too
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> written(long sequence, long now) {
        desk.emitAll(desk.ballots.written(sequence));
        if (desk.ballots.termIsDurable()) {
            desk.emitAll(desk.fences.ask(desk.term(), now));
        }
        return desk.take();
    }

    /**
     * Log has answered a fence.
     *
     * @param term Log's fence
     * @param attempt the fence that was asked for
     * @param last the end of Log in memory
     * @param members the members in force
     * @param mayStand whether this node may stand for election
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> fenced(long term, long attempt, EntryId last, Members members, boolean mayStand, long now) {
        roles.fenced(term, attempt, last, members, mayStand, now);
        return desk.take();
    }

    /**
     * Log was sent a message of a higher term.
     *
     * @param term that term
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> termSeen(long term, long now) {
        roles.adoptIfHigher(term, now, "this node's Log");
        return desk.take();
    }

    /**
     * Log was sent entries by a leader: as good as a heartbeat.
     *
     * @param term the leader's term
     * @param leader the node that leads
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> leaderHeard(long term, String leader, long now) {
        roles.leaderHeard(term, leader, now);
        return desk.take();
    }

    /**
     * Other members are in force in Log, or this node's removal is committed.
     *
     * @param members the members
     * @param mayStand whether this node may stand for election: it votes, or did by the members that are committed
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> membersChanged(Members members, boolean mayStand, long now) {
        roles.changeMembers(members, mayStand, now);
        return desk.take();
    }

    /**
     * Log has stopped leading for a reason of its own.
     *
     * @param term the term that it led
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> steppedDown(long term, long now) {
        roles.steppedDown(term, now);
        return desk.take();
    }

    /**
     * A read waits for the proof that this node still leads (thesis 6.4). Refused unless it leads exactly this term.
     *
     * @param asker the node of the Gateway that asked
     * @param life that Gateway's life
     * @param id that Gateway's number of the reads
     * @param index Log's commit index when the read came
     * @param term the term that Log led then
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> confirmRead(String asker, UUID life, long id, long index, long term, long now) {
        roles.confirmRead(asker, life, id, index, term, now);
        return desk.take();
    }

    /**
     * This node's Log answers a pulse, or says unasked that a group which dozes is asked for something.
     *
     * @param last the end of the log
     * @param commit the commit index
     * @param durable the index up to which the log is on disk
     * @param written the number of the last write that the Store has answered, whatever it was for
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> logPulse(EntryId last, long commit, long durable, long written, long now) {
        desk.pulses.logAnswered(last, commit, durable, written, now);
        roles.pulsed(now);
        return desk.take();
    }

    /**
     * This node's Machine answers a pulse.
     *
     * @param applied the last applied index
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> machinePulse(long applied, long now) {
        desk.pulses.machineAnswered(applied, now);
        roles.pulsed(now);
        return desk.take();
    }

    /**
     * This node's Log has a part in handing leadership over (thesis 3.10).
     *
     * @param term the term that it leads
     * @param step what it has to say
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> handOver(long term, HandOverStep step, long now) {
        roles.handOver(term, step, now);
        return desk.take();
    }

    /**
     * This node is being stopped: if it leads, somebody else is to. It votes, but stands for election no more.
     *
     * @param now nanoseconds
     * @return what to do; {@link Effect.Relieved} comes, now or later, when it does not lead, or nobody can take over
     */
    public List<Effect> retire(long now) {
        roles.retire(now);
        return desk.take();
    }

    /**
     * Another node, on which a group that dozes relies, has fallen silent, or no longer has the group.
     *
     * @param node its name
     * @param since when it was last heard, in nanoseconds
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> silent(String node, long since, long now) {
        roles.silent(node, since, now);
        return desk.take();
    }

    /**
     * The process of another node is gone: its connection was closed, and nobody takes another one there. Said again
     * and again while that is so, since a late heartbeat of that process makes a follower forget it. Of no effect on a
     * leader, on a follower of somebody else, and with leases. It need not be true: nothing but waiting depends on it.
     *
     * @param node its name
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> gone(String node, long now) {
        roles.gone(node, now);
        return desk.take();
    }

    /**
     * The moment of {@link #wakeAt} has come, perhaps long ago.
     *
     * @param now nanoseconds
     * @return what to do
     * @throws IllegalStateException if Store or Log has not answered for 60 s
     */
    public List<Effect> wake(long now) {
        tick(false, now);
        return desk.take();
    }

    /**
     * All that was in the mailbox at {@link Effect.Drain} has been seen.
     *
     * @param now nanoseconds
     * @return what to do
     */
    public List<Effect> drained(long now) {
        draining = false;
        tick(true, now);
        return desk.take();
    }

    /**
     * When to call {@link #wake}.
     *
     * @return nanoseconds on the clock that {@code now} is read from; Long.MAX_VALUE for never
     */
    public long wakeAt() {
        long deadline = draining ? Times.NEVER : roles.deadline();
        return Times.earlier(Times.earlier(roles.beatAt(), deadline), patience());
    }

    /**
     * The other nodes of which {@link #gone} is to be told. They change with the members only.
     *
     * @return their names; empty with leases
     */
    public List<String> near() {
        return roles.near();
    }

    /**
     * How it looks from here.
     *
     * @param now nanoseconds
     * @return role, term, leader, and why there is none
     */
    public View view(long now) {
        return roles.view(now);
    }

    private void tick(boolean drained, long now) {
        long slack = desk.timeout / 4;
        if (Times.reached(patience(), now)) {
            desk.ballots.checkPatience(slack, now);
            desk.fences.checkPatience(slack, now);
        }
        if (Times.reached(roles.beatAt(), now)) {
            roles.beat(now);
        }
        if (draining || !Times.reached(roles.deadline(), now)) {
            return;
        }
        // Rule 1: after a pause, what proves that the leader or a majority is alive may wait in the mailbox.
        if (!drained && Times.missed(roles.deadline(), now, slack)) {
            draining = true;
            desk.emit(new Effect.Drain());
        } else {
            roles.deadlineReached(now);
        }
    }

    private long patience() {
        return Times.earlier(desk.ballots.patience(), desk.fences.patience());
    }
}
