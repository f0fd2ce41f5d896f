package io.murmuration.actor;

import io.murmuration.GroupSettings;
import io.murmuration.Indexed;
import io.murmuration.MembersView;
import io.murmuration.Membership;
import io.murmuration.MurmurationException;
import io.murmuration.NotAppliedException;
import io.murmuration.Replica;
import io.murmuration.Status;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Order;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The face of a {@link Gateway}: encodes on the caller's thread, tells the Gateway, and returns the stage that it
 * completes. Thread-safe.
 *
 * @param <S> the type of the state
 */
final class GatewayReplica<S> implements Replica<S> {
    /** No deadline lies further ahead: times of the monotonic clock are compared by difference. */
    private static final Duration FAR = Duration.ofDays(365);

    private final String group;
    private final ActorRef<GatewayMessage> gateway;
    private final Set<Class<?>> commands;
    private final Codec codec;
    private final GroupSettings settings;
    private final Set<Promise> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String stopped;

    GatewayReplica(
            String group,
            ActorRef<GatewayMessage> gateway,
            StateMachine<S> machine,
            Codec codec,
            GroupSettings settings) {
        this.group = group;
        this.gateway = gateway;
        this.commands = Set.copyOf(machine.commands());
        this.codec = codec;
        this.settings = settings;
        gateway.tell(new GatewayMessage.TellStop(this::onStop));
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
        long now = System.nanoTime();
        long deadline = now + nanos(timeout);
        require(command != null, "The command is null; ask with a value.");
        if (!commands.contains(command.getClass())) {
            return refused(new NotAppliedException.Unsupported("No fold for " + name(command.getClass()) + " in group "
                    + group + "; add .on(" + command.getClass().getSimpleName() + ".class, ...)."));
        }
        Encoded encoded;
        try {
            encoded = codec.encode(command);
        } catch (Codec.CodecException unencodable) {
            return refused(new NotAppliedException.Unsupported(
                    "Command " + name(command.getClass()) + " cannot be encoded: " + unencodable.getMessage()));
        }
        if (encoded.size() > settings.commandBytesMax()) {
            return refused(new NotAppliedException.TooLarge(String.format(
                    Locale.ROOT,
                    "Command of %,d bytes exceeds murmuration.command-bytes-max (%,d); split it.",
                    encoded.size(),
                    settings.commandBytesMax())));
        }
        Promise outcome = new Promise(open);
        return tell(new GatewayMessage.Ask(encoded, now, deadline, outcome), outcome);
    }

    @Override
    public <T> CompletionStage<T> read(Function<? super S, ? extends T> query) {
        require(query != null, "The query is null; read with a function of the state.");
        return read((state, index) -> query.apply(state), settings.askTimeout(), false);
    }

    @Override
    public <T> CompletionStage<Indexed<T>> readIndexed(Function<? super S, ? extends T> query, Duration timeout) {
        require(query != null, "The query is null; read with a function of the state.");
        return read((state, index) -> new Indexed<T>(index, query.apply(state)), timeout, false);
    }

    @Override
    public <T> CompletionStage<Indexed<T>> readLocal(Function<? super S, ? extends T> query) {
        require(query != null, "The query is null; read with a function of the state.");
        return read((state, index) -> new Indexed<T>(index, query.apply(state)), settings.askTimeout(), true);
    }

    @SuppressWarnings(
            "unchecked") // the Machine of this group holds states of the machine that this replica was made with
    private <T> CompletionStage<T> read(BiFunction<S, Long, ? extends T> query, Duration timeout, boolean local) {
        long now = System.nanoTime();
        long deadline = now + nanos(timeout);
        Promise outcome = new Promise(open);
        BiFunction<Object, Long, Object> untyped = (BiFunction<Object, Long, Object>) (BiFunction<?, Long, ?>) query;
        return tell(new GatewayMessage.Read(untyped, local, now, deadline, outcome), outcome);
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
        require(node != null && !node.isBlank(), "Leadership is handed over to a node by its name.");
        return order(new Order.HandOver(node), timeout);
    }

    private CompletionStage<MembersView> order(Order order, Duration timeout) {
        long now = System.nanoTime();
        long deadline = now + nanos(timeout);
        Promise outcome = new Promise(open);
        return tell(new GatewayMessage.Orders(order, now, deadline, outcome), outcome);
    }

    @Override
    public CompletionStage<Status> status() {
        CompletableFuture<Status> status = new CompletableFuture<>();
        String why = stopped;
        if (why == null) {
            gateway.tell(new GatewayMessage.AskStatus(status));
        } else {
            status.complete(StatusActor.down(group, null, settings.node(), "stopped", why, List.of()));
        }
        Status silent = StatusActor.down(
                group, null, settings.node(), "stalled", "This node's Gateway does not answer.", List.of());
        return status.completeOnTimeout(silent, 2, TimeUnit.SECONDS);
    }

    /** Tells the Gateway; if it stops before it reads this, the stage fails all the same. */
    private <T> CompletionStage<T> tell(GatewayMessage message, Promise outcome) {
        gateway.tell(message);
        String why = stopped;
        if (why != null) {
            outcome.fail(closed(why));
        }
        return outcome.stage();
    }

    /**
     * On the Gateway's thread, which has failed all that it had read. What is left was in its mailbox, so no copy of it
     * has left this node.
     */
    private void onStop(String why) {
        stopped = why;
        for (Promise unread : open) {
            unread.fail(closed(why));
        }
    }

    private NotAppliedException.Closed closed(String why) {
        return new NotAppliedException.Closed(
                "Group " + group + " takes no more requests on this node, and this one was not carried out: " + why);
    }

    private static <T> CompletionStage<T> refused(MurmurationException failure) {
        return CompletableFuture.failedFuture(failure);
    }

    private static long nanos(Duration timeout) {
        require(timeout != null && !timeout.isNegative() && !timeout.isZero(), "A timeout must be positive.");
        return timeout.compareTo(FAR) > 0 ? FAR.toNanos() : timeout.toNanos();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }
}
