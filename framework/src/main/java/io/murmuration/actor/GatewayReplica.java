package io.murmuration.actor;

import io.murmuration.Explanation;
import io.murmuration.GroupChange;
import io.murmuration.GroupSettings;
import io.murmuration.Indexed;
import io.murmuration.MembersView;
import io.murmuration.Membership;
import io.murmuration.NotAppliedException;
import io.murmuration.Replica;
import io.murmuration.Status;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Order;
import io.murmuration.machine.Changed;
import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The face of a {@link Gateway} on a node with a replica. Thread-safe.
 *
 * @param <S> the type of the state
 */
final class GatewayReplica<S> implements Replica<S> {
    private final String group;
    private final ActorRef<GatewayMessage> gateway;
    private final Answering answering;
    private final Asker asker;
    private final GroupSettings settings;
    private final Watching<S> watching;

    GatewayReplica(
            String group,
            ActorRef<GatewayMessage> gateway,
            StateMachine<S> machine,
            Codec codec,
            GroupSettings settings) {
        this.group = group;
        this.gateway = gateway;
        this.answering = new Answering(group, machine);
        this.asker = new Asker(group, gateway, machine.commands(), codec, settings.commandBytesMax());
        this.settings = settings;
        this.watching = new Watching<>(group, gateway, settings.watchBytesMax());
        gateway.tell(new GatewayMessage.TellStop(watching::stop));
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public <R> CompletionStage<R> ask(Command<R> command) {
        return ask(command, settings.askTimeout());
    }

    @Override
    public <R> CompletionStage<R> ask(Command<R> command, Duration timeout) {
        return asker.ask(command, timeout);
    }

    @Override
    public <R> CompletionStage<R> query(Query<R> query) {
        return query(query, settings.askTimeout());
    }

    @Override
    public <R> CompletionStage<R> query(Query<R> query, Duration timeout) {
        Asker.require(query != null, "The query is null; ask with a value.");
        if (!answering.takes(query)) {
            return Asker.refused(new NotAppliedException.Unsupported(answering.unknown(query)));
        }
        return asker.call(
                timeout,
                call -> new GatewayMessage.Read(
                        (state, index) -> answering.answer(state, index, query),
                        false,
                        call.askedAt(),
                        call.deadline(),
                        call.outcome()));
    }

    @Override
    public <T> CompletionStage<T> read(Function<? super S, ? extends T> query) {
        Asker.require(query != null, "The query is null; read with a function of the state.");
        return read((state, index) -> query.apply(state), settings.askTimeout(), false);
    }

    @Override
    public <T> CompletionStage<Indexed<T>> readIndexed(Function<? super S, ? extends T> query, Duration timeout) {
        Asker.require(query != null, "The query is null; read with a function of the state.");
        return read((state, index) -> new Indexed<T>(index, query.apply(state)), timeout, false);
    }

    @Override
    public <T> CompletionStage<Indexed<T>> readLocal(Function<? super S, ? extends T> query) {
        Asker.require(query != null, "The query is null; read with a function of the state.");
        return read((state, index) -> new Indexed<T>(index, query.apply(state)), settings.askTimeout(), true);
    }

    @SuppressWarnings(
            "unchecked") // the Machine of this group holds states of the machine that this replica was made with
    private <T> CompletionStage<T> read(BiFunction<S, Long, ? extends T> query, Duration timeout, boolean local) {
        BiFunction<Object, Long, Object> untyped = (BiFunction<Object, Long, Object>) (BiFunction<?, Long, ?>) query;
        return asker.call(
                timeout,
                call -> new GatewayMessage.Read(untyped, local, call.askedAt(), call.deadline(), call.outcome()));
    }

    @Override
    public Source<Changed, NotUsed> watch() {
        return watching.changes();
    }

    @Override
    public Source<Changed, NotUsed> watch(long fromIndex) {
        return watching.changes(fromIndex);
    }

    @Override
    public Source<Indexed<S>, NotUsed> watchStates() {
        return watching.states();
    }

    @Override
    public Source<GroupChange, NotUsed> watchGroup() {
        return watching.group();
    }

    @Override
    public void requestSnapshot() {
        gateway.tell(new GatewayMessage.RequestSnapshot());
    }

    @Override
    public void reseed() {
        gateway.tell(new GatewayMessage.Reseed());
    }

    @Override
    public Membership members() {
        return new GatewayMembership(this::order);
    }

    @Override
    public CompletionStage<MembersView> transferLeadership(String node) {
        return transferLeadership(node, settings.askTimeout());
    }

    @Override
    public CompletionStage<MembersView> transferLeadership(String node, Duration timeout) {
        Asker.require(node != null && !node.isBlank(), "Leadership is handed over to a node by its name.");
        return order(new Order.HandOver(node), timeout);
    }

    private CompletionStage<MembersView> order(Order order, Duration timeout) {
        return asker.call(
                timeout, call -> new GatewayMessage.Orders(order, call.askedAt(), call.deadline(), call.outcome()));
    }

    @Override
    public CompletionStage<Status> status() {
        return parts().thenApply(Parts::status);
    }

    @Override
    public CompletionStage<Explanation> explain() {
        return parts().thenApply(Explaining::explain);
    }

    private CompletionStage<Parts> parts() {
        CompletableFuture<Parts> parts = new CompletableFuture<>();
        String why = asker.stopped();
        if (why == null) {
            gateway.tell(new GatewayMessage.AskStatus(parts));
        } else {
            parts.complete(Parts.down(group, null, settings, "stopped", why, List.of()));
        }
        Parts silent = Parts.down(group, null, settings, "stalled", "This node's Gateway does not answer.", List.of());
        return parts.completeOnTimeout(silent, 2, TimeUnit.SECONDS);
    }
}
