package io.murmuration.actor;

import io.murmuration.MurmurationException;
import io.murmuration.NotAppliedException;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Tells a Gateway what callers want: checks and encodes on the caller's thread, and returns the stage that the Gateway
 * completes. Whatever becomes of the Gateway, each stage is completed. Thread-safe.
 */
final class Asker {
    /** No deadline lies further ahead: times of the monotonic clock are compared by difference. */
    private static final Duration FAR = Duration.ofDays(365);

    private final String group;
    private final ActorRef<GatewayMessage> gateway;
    private final Set<Class<?>> commands;
    private final Codec codec;
    private final int bytesMax;
    private final Set<Promise> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String stopped;

    /**
     * Begins.
     *
     * @param group the group's name
     * @param gateway its Gateway on this node
     * @param commands the classes that may be asked
     * @param codec encodes them
     * @param bytesMax the largest encoded command or query
     */
    Asker(String group, ActorRef<GatewayMessage> gateway, Collection<Class<?>> commands, Codec codec, int bytesMax) {
        this.group = group;
        this.gateway = gateway;
        this.commands = Set.copyOf(commands);
        this.codec = codec;
        this.bytesMax = bytesMax;
        gateway.tell(new GatewayMessage.TellStop(this::onStop));
    }

    /** When a caller asked, and until when it waits, with the end that it does not hold. */
    record Call(long askedAt, long deadline, Promise outcome) {}

    <R> CompletionStage<R> ask(Command<R> command, Duration timeout) {
        long now = System.nanoTime();
        long nanos = nanos(timeout);
        require(command != null, "The command is null; ask with a value.");
        if (!commands.contains(command.getClass())) {
            return refused(new NotAppliedException.Unsupported("No fold for " + name(command.getClass()) + " in group "
                    + group + "; add .on(" + command.getClass().getSimpleName() + ".class, ...)."));
        }
        IntFunction<String> tooLarge = bytes -> String.format(
                Locale.ROOT,
                "Command of %,d bytes exceeds murmuration.command-bytes-max (%,d); split it.",
                bytes,
                bytesMax);
        return encoded("Command", command, tooLarge, encoded -> {
            Promise outcome = new Promise(open);
            return tell(new GatewayMessage.Ask(encoded, now, now + nanos, outcome), outcome);
        });
    }

    /** A query that another node is to answer. */
    <R> CompletionStage<R> query(Query<R> query, Duration timeout) {
        long now = System.nanoTime();
        long nanos = nanos(timeout);
        require(query != null, "The query is null; ask with a value.");
        IntFunction<String> tooLarge = bytes -> String.format(
                Locale.ROOT,
                "Query of %,d bytes exceeds murmuration.command-bytes-max (%,d); ask for less at a time.",
                bytes,
                bytesMax);
        return encoded("Query", query, tooLarge, encoded -> {
            Promise outcome = new Promise(open);
            return tell(new GatewayMessage.Query(encoded, now, now + nanos, outcome), outcome);
        });
    }

    private <R> CompletionStage<R> encoded(
            String what, Object asked, IntFunction<String> tooLarge, Function<Encoded, CompletionStage<R>> then) {
        Encoded encoded;
        try {
            encoded = codec.encode(asked);
        } catch (Codec.CodecException unencodable) {
            return refused(new NotAppliedException.Unsupported(
                    what + " " + name(asked.getClass()) + " cannot be encoded: " + unencodable.getMessage()));
        }
        if (encoded.size() > bytesMax) {
            return refused(new NotAppliedException.TooLarge(tooLarge.apply(encoded.size())));
        }
        return then.apply(encoded);
    }

    /** What is not encoded: a read, or an order. */
    <T> CompletionStage<T> call(Duration timeout, Function<Call, GatewayMessage> message) {
        long now = System.nanoTime();
        Call call = new Call(now, now + nanos(timeout), new Promise(open));
        return tell(message.apply(call), call.outcome());
    }

    /** Why the Gateway has stopped, or null. */
    @Nullable
    String stopped() {
        return stopped;
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

    static <T> CompletionStage<T> refused(MurmurationException failure) {
        return CompletableFuture.failedFuture(failure);
    }

    private static long nanos(Duration timeout) {
        require(timeout != null && !timeout.isNegative() && !timeout.isZero(), "A timeout must be positive.");
        return timeout.compareTo(FAR) > 0 ? FAR.toNanos() : timeout.toNanos();
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }
}
