package io.murmuration;

import io.murmuration.machine.Command;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One group's member on this node, and the way to ask the group. Thread-safe. All stages are completed on Murmuration's
 * dispatcher: what is attached to them without {@code Async} must not block.
 *
 * @param <S> the type of the state
 * @since 0.1.0
 */
public interface Replica<S> {
    /**
     * The group's name.
     *
     * @return as given to {@link Group#of}
     */
    String group();

    /**
     * Carries out a command, exactly once, within {@code murmuration.ask-timeout}. On any node: the leader is found,
     * and the command is retried under the same serial until its outcome is known or the deadline has come.
     *
     * @param command the command
     * @param <R> the type of its reply
     * @return the fold's reply; fails with a {@link NotAppliedException} (surely without effect) or an
     *     {@link OutcomeUnknownException}
     */
    <R> CompletionStage<R> ask(Command<R> command);

    /**
     * As {@link #ask(Command)}, with a deadline of its own.
     *
     * @param command the command
     * @param timeout how long to try; positive
     * @param <R> the type of its reply
     * @return the fold's reply, or the failure
     */
    <R> CompletionStage<R> ask(Command<R> command, Duration timeout);

    /**
     * Reads the state linearizably: what it returns reflects every command that was acknowledged anywhere before this
     * call (thesis 6.4). Served by this node; nothing is written to the log.
     *
     * @param query a pure function of the state; runs on the Machine's thread, so it must be quick and must not block
     * @param <T> the type of what is read
     * @return what the function returns, within {@code murmuration.ask-timeout}; fails with
     *     {@link NotAppliedException.NoLeader} if no leader could confirm it, or with what the function threw
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
     * Changes who belongs to the group.
     *
     * @return the way to do so, on any node
     */
    Membership members();

    /**
     * Hands leadership over (thesis 3.10): the leader brings the node's log level with its own, holding back new
     * commands meanwhile, and has it stand for election at once. Takes about two round trips; nothing is lost.
     *
     * @param node the name of a voter; if it leads already, nothing happens
     * @param timeout how long to try; positive
     * @return the members in force, once the node leads; fails with a {@link DeclinedException} if it does not vote, or
     *     did not take over, and with an {@link OutcomeUnknownException} if that is not known by the deadline
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
}
