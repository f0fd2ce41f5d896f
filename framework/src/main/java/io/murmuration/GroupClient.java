package io.murmuration;

import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The way to ask a group, from any node of the cluster: a {@link Replica} is one, and a node without a replica gets one
 * from {@link Murmuration#client(String, Class, Class)}. Thread-safe. Stages are completed on dispatchers that others
 * need too: what is attached to them without {@code Async} must not block.
 *
 * @since 0.1.0
 */
public interface GroupClient {
    /**
     * The group's name.
     *
     * @return as given to {@link Group#of} or {@link Murmuration#client(String, Class, Class)}
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
     * Asks a question, linearizably, within {@code murmuration.ask-timeout}: the reply reflects every command that was
     * acknowledged anywhere before this call (thesis 6.4). A replica answers from its own node's state; a node without
     * one asks the members in turn, and another one if the first is silent or refuses. Nothing is written to the log.
     *
     * @param query the query; its class must have an answer ({@code StateMachine.Builder.answering})
     * @param <R> the type of its reply
     * @return the reply; fails with {@link NotAppliedException.NoLeader} if no member could answer in time, with
     *     {@link NotAppliedException.QueryFailed} if the function threw or its reply does not fit into a message, or
     *     with another {@link NotAppliedException}; a query never takes effect
     */
    <R> CompletionStage<R> query(Query<R> query);

    /**
     * As {@link #query(Query)}, with a deadline of its own.
     *
     * @param query the query
     * @param timeout how long to try; positive
     * @param <R> the type of its reply
     * @return the reply, or the failure
     */
    <R> CompletionStage<R> query(Query<R> query, Duration timeout);
}
