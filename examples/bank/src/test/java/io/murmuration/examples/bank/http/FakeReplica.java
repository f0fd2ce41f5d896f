package io.murmuration.examples.bank.http;

import io.murmuration.Explanation;
import io.murmuration.Finding;
import io.murmuration.GroupChange;
import io.murmuration.Indexed;
import io.murmuration.MembersView;
import io.murmuration.Membership;
import io.murmuration.NotAppliedException;
import io.murmuration.Replica;
import io.murmuration.Status;
import io.murmuration.examples.bank.ledger.Ledger;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Changed;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A group of one in memory: it folds with the real machine, and fails on demand. */
final class FakeReplica implements Replica<Ledger> {
    private final StateMachine<Ledger> machine = Ledger.machine();
    private Ledger ledger = machine.initial();
    private long index;
    private String role = "leader";
    private RuntimeException failure;
    private RuntimeException readFailure;
    private Duration lastTimeout;
    private boolean stuck;
    private List<Finding> findings = List.of();

    synchronized void find(Finding finding) {
        findings = List.of(finding);
    }

    synchronized void failWith(RuntimeException next) {
        failure = next;
    }

    synchronized void failReadsWith(RuntimeException next) {
        readFailure = next;
    }

    /** From now on, neither commands nor local reads are answered. */
    synchronized void getStuck() {
        stuck = true;
    }

    synchronized void setRole(String next) {
        role = next;
    }

    synchronized Duration lastTimeout() {
        return lastTimeout;
    }

    @Override
    public String group() {
        return "bank";
    }

    @Override
    public <R> CompletionStage<R> ask(Command<R> command) {
        return ask(command, Duration.ofSeconds(10));
    }

    @Override
    @SuppressWarnings("unchecked") // the machine was built so that the fold replies what the command promises
    public synchronized <R> CompletionStage<R> ask(Command<R> command, Duration timeout) {
        lastTimeout = timeout;
        if (stuck) {
            return new CompletableFuture<>();
        }
        if (failure != null) {
            return CompletableFuture.failedStage(failure);
        }
        index++;
        Applied<Ledger, ?> applied =
                machine.apply(ledger, command, new Meta(index, 1, Instant.EPOCH, Duration.ofMillis(index)));
        ledger = applied.state();
        return applied.reason() == null
                ? CompletableFuture.completedStage((R) applied.reply())
                : CompletableFuture.failedStage(new NotAppliedException.Rejected(applied.reason(), index));
    }

    @Override
    public <R> CompletionStage<R> query(Query<R> query) {
        return query(query, Duration.ofSeconds(10));
    }

    @Override
    @SuppressWarnings("unchecked") // the machine was built so that the answer is what the query promises
    public <R> CompletionStage<R> query(Query<R> query, Duration timeout) {
        return (CompletionStage<R>) read(state -> machine.answer(state, query));
    }

    @Override
    public synchronized <T> CompletionStage<T> read(Function<? super Ledger, ? extends T> query) {
        return readFailure == null
                ? CompletableFuture.completedStage(query.apply(ledger))
                : CompletableFuture.failedStage(readFailure);
    }

    @Override
    public synchronized <T> CompletionStage<Indexed<T>> readIndexed(
            Function<? super Ledger, ? extends T> query, Duration timeout) {
        lastTimeout = timeout;
        long at = index;
        return this.<T>read(query).thenApply(value -> new Indexed<>(at, value));
    }

    @Override
    public synchronized <T> CompletionStage<Indexed<T>> readLocal(Function<? super Ledger, ? extends T> query) {
        return stuck
                ? new CompletableFuture<>()
                : CompletableFuture.completedStage(new Indexed<>(index, query.apply(ledger)));
    }

    @Override
    public Source<Changed, NotUsed> watch() {
        throw new UnsupportedOperationException("Nobody watches over HTTP.");
    }

    @Override
    public Source<Changed, NotUsed> watch(long fromIndex) {
        throw new UnsupportedOperationException("Nobody watches over HTTP.");
    }

    @Override
    public Source<Indexed<Ledger>, NotUsed> watchStates() {
        throw new UnsupportedOperationException("Nobody watches over HTTP.");
    }

    @Override
    public Source<GroupChange, NotUsed> watchGroup() {
        throw new UnsupportedOperationException("Nobody watches over HTTP.");
    }

    @Override
    public void requestSnapshot() {
        throw new UnsupportedOperationException("Nobody asks for one over HTTP.");
    }

    @Override
    public void reseed() {
        throw new UnsupportedOperationException("Nobody asks for it over HTTP.");
    }

    @Override
    public Membership members() {
        throw new UnsupportedOperationException("Nobody changes members over HTTP.");
    }

    @Override
    public CompletionStage<MembersView> transferLeadership(String node) {
        throw new UnsupportedOperationException("Nobody hands over leadership over HTTP.");
    }

    @Override
    public CompletionStage<MembersView> transferLeadership(String node, Duration timeout) {
        throw new UnsupportedOperationException("Nobody hands over leadership over HTTP.");
    }

    @Override
    public synchronized CompletionStage<Status> status() {
        return CompletableFuture.completedStage(new Status(
                "bank",
                "g-1",
                "n1",
                role,
                1,
                "n1",
                index,
                index,
                index,
                index,
                0,
                100,
                List.of("n1", "n2"),
                List.of(),
                List.of(),
                null,
                Map.of("n2", index),
                null));
    }

    @Override
    public synchronized CompletionStage<Explanation> explain() {
        return CompletableFuture.completedStage(new Explanation("bank", "n1", "n1 leads term 1.", findings));
    }
}
