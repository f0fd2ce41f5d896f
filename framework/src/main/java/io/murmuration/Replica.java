package io.murmuration;

import io.murmuration.machine.Changed;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * One group's member on this node, and the way to ask the group. Beyond what every {@link GroupClient} can, it reads
 * this node's state with any function, and tells how the group is. Thread-safe. Stages are completed on Pekko's default
 * dispatcher, those of reads on {@code murmuration.machine-dispatcher}: what is attached to them without {@code Async}
 * must not block.
 *
 * @param <S> the type of the state
 * @since 0.1.0
 */
public interface Replica<S> extends GroupClient {
    /**
     * Reads the state linearizably: what it returns reflects every command that was acknowledged anywhere before this
     * call (thesis 6.4). Served by this node; nothing is written to the log.
     *
     * @param query a pure function of the state; runs on the Machine's thread, so it must be quick and must not block
     * @param <T> the type of what is read
     * @return what the function returns, within {@code murmuration.ask-timeout}; fails with
     *     {@link NotAppliedException.NoLeader} if no leader could confirm it, or this node did not get as far in time,
     *     with {@link NotAppliedException.Closed} if the replica does not run on this node by then, with
     *     {@link NotAppliedException.Overloaded} if too many reads wait, or with what the function threw
     */
    <T> CompletionStage<T> read(Function<? super S, ? extends T> query);

    /**
     * As {@link #read}, with a deadline of its own, and telling the index that was read at.
     *
     * @param query a pure function of the state
     * @param timeout how long to try; positive
     * @param <T> the type of what is read
     * @return what the function returns with the index that it reflects, or the failure
     */
    <T> CompletionStage<Indexed<T>> readIndexed(Function<? super S, ? extends T> query, Duration timeout);

    /**
     * Reads this node's state as it is now, possibly behind: it may lack commands that were acknowledged.
     *
     * @param query a pure function of the state; runs on the Machine's thread
     * @param <T> the type of what is read
     * @return what the function returns with the index that it reflects; fails with {@link NotAppliedException.Closed}
     *     if the replica does not run on this node
     */
    <T> CompletionStage<Indexed<T>> readLocal(Function<? super S, ? extends T> query);

    /**
     * Watches what this node applies from now on: as {@link #watch(long)}, beginning with the next command that this
     * node applies after the stream is run. A node that was started just now folds again what its log holds behind the
     * last snapshot, so that these commands come first.
     *
     * @return the stream; it can be run any number of times
     */
    Source<Changed, NotUsed> watch();

    /**
     * Watches what this node applies: every command that was carried out or rejected by its fold, in the order of the
     * log, each once, none missing in between. A command that was retried is there once; entries that are no commands
     * are not there, so that some indices are passed over. What comes is committed: no other node ever applies
     * something else at that index. A replica that starts anew in its place does not end the stream.
     *
     * <p>Nothing is buffered for a watcher: it asks for what follows when its stream wants more. This node remembers
     * commands and replies up to {@code murmuration.watch-bytes-max}, as objects: they are handed out as they were
     * folded, so they must be immutable. After a restart it remembers what it folds again, which is what lies behind
     * its last snapshot. For many readers of the same commands, run one watch into a {@code BroadcastHub}.
     *
     * <p>The stream never completes. It fails with {@link WatchException.Compacted} if this node does not remember what
     * is at {@code fromIndex}, with {@link WatchException.SlowSubscriber} if the watcher has fallen behind what is
     * remembered, and with {@link WatchException.Closed} when the group is stopped on this node.
     *
     * <p>To begin with a state, read it, and go on behind it: {@code readIndexed}, then {@code watch(index + 1)}. The
     * state at each index is had by folding along: see {@link Changed}.
     *
     * @param fromIndex the first index that is wanted, at least 1; one that was not reached yet is waited for
     * @return the stream; it can be run any number of times
     * @throws IllegalArgumentException if the index is below 1
     * @throws IllegalStateException if {@code murmuration.watch-bytes-max} is 0
     */
    Source<Changed, NotUsed> watch(long fromIndex);

    /**
     * Watches this node's state: the one that is there first, then, whenever the stream wants more and another command
     * was folded, the newest. What a slow reader misses is skipped, so that this never fails for slowness. The states
     * are this node's own, possibly behind, and their indices rise. While there is none, nothing comes.
     *
     * @return the stream; fails with {@link WatchException.Closed} when the group is stopped on this node
     */
    Source<Indexed<S>, NotUsed> watchStates();

    /**
     * Watches who leads and who belongs to the group, as far as this node knows: the current value first, then,
     * whenever the stream wants more and something has changed, the newest. Nothing comes before this node's replica
     * knows the members. While the replica does not run, the leader is null.
     *
     * @return the stream; fails with {@link WatchException.Closed} when the group is stopped on this node
     */
    Source<GroupChange, NotUsed> watchGroup();

    /**
     * Asks for a snapshot of this node's state, for example before a planned restart: it is taken between two entries,
     * and encoded and written beside them. It is there when {@link Status#snapshot} has reached what was applied.
     * Nothing happens if nothing was applied since the last one, or while the replica does not run. Snapshots are taken
     * by themselves each {@code murmuration.snapshot-every-bytes}.
     */
    void requestSnapshot();

    /**
     * Takes another member's state instead of this node's (its log, its vote and its place in the group stay): for a
     * replica that has stopped because it folded otherwise than the majority, once the cause is mended. Until the other
     * state is installed this node serves no reads, and its own snapshots stay on disk; if the process ends before, ask
     * again. One node at a time: somebody must have the right state, and in a group of one nobody has, so that the
     * replica would wait for ever. A replica that is down because its journal is damaged, or contradicts itself, stays
     * down.
     */
    void reseed();

    /**
     * Adds, removes, sets and replaces members, on any node that has a replica, whoever leads.
     *
     * @return the way to do so
     */
    Membership members();

    /**
     * Hands leadership over (thesis 3.10): the leader brings the node's log level with its own, holding back new
     * commands meanwhile, and has it stand for election at once. Takes about two round trips; nothing is lost.
     *
     * @param node the name of a voter; if it leads already, nothing happens
     * @param timeout how long to try; positive
     * @return the members in force, once the node leads; fails with a {@link DeclinedException} if it does not vote, is
     *     not well, or did not take over, with {@link NotAppliedException.NoLeader} if the order was never said to
     *     anybody, and with an {@link OutcomeUnknownException} if that is not known by the deadline
     */
    CompletionStage<MembersView> transferLeadership(String node, Duration timeout);

    /**
     * As {@link #transferLeadership(String, Duration)}, within {@code murmuration.ask-timeout}.
     *
     * @param node the name of a voter
     * @return the members in force, once the node leads
     */
    CompletionStage<MembersView> transferLeadership(String node);

    /**
     * How this node sees the group. Answers also while there is no leader, and while the replica does not run.
     *
     * @return the status, within two seconds
     */
    CompletionStage<Status> status();

    /**
     * Why there is no leader, why a command is not committed, why a member does not catch up: in words, from what this
     * node's actors know at this moment. Each node sees only part of it, and the leader most: ask it, or all. Answers
     * also while there is no leader, while the replica does not run, and while its disk or fold hangs.
     *
     * @return what is wrong, within two seconds; no finding if nothing is
     */
    CompletionStage<Explanation> explain();
}
