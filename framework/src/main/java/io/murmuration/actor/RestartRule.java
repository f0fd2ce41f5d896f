package io.murmuration.actor;

import io.murmuration.core.apply.Diverged;
import io.murmuration.core.apply.FoldFailed;
import io.murmuration.core.model.InvariantViolation;
import java.io.ObjectStreamException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.jspecify.annotations.Nullable;

/**
 * Whether a replica that failed may start anew in this process (F5). The type of the failure decides, here and nowhere
 * else: damage does not heal by being read again, and after a broken safety rule going on could answer wrongly.
 */
final class RestartRule {
    /** Chains of causes are short; a circle must not hold up the end of a replica. */
    private static final int CAUSES_MAX = 50;

    private static final String DOWN = " This replica stays down until this process is started again; its group goes on"
            + " without it while a majority of the others runs.";

    private RestartRule() {}

    /**
     * Stops the whole group on this node if it is its Gateway that has ended: callers wait there, and a replica without
     * one would vote and lead, and serve nobody.
     *
     * @param group the group's name
     * @param gateway its Gateway
     * @param ended what has ended
     */
    static void requireGateway(String group, ActorRef<GatewayMessage> gateway, Terminated ended) {
        if (ended.getRef().path().equals(gateway.path())) {
            throw new IllegalStateException("The Gateway of " + group + " has ended"
                    + (ended instanceof ChildFailed failed ? " (" + failed.cause() + ")" : "")
                    + "; the group stops on this node. Restart this node.");
        }
    }

    /**
     * Says that a replica cannot be stopped.
     *
     * @param group the group's name
     * @param limit for how long it was waited for
     * @param living its actors that have not ended
     * @return what hangs, and what to do, as a sentence
     */
    static String stuck(String group, Duration limit, Collection<ActorRef<?>> living) {
        List<String> names = living.stream().map(actor -> actor.path().name()).toList();
        return "The replica of " + group + " did not stop within " + limit.toSeconds() + " s: of its actors, these have"
                + " not ended: " + String.join(", ", names) + ". Its journal does not answer, or its fold or a query"
                + " does not return. Restart this node.";
    }

    /**
     * Decides.
     *
     * @param failure what the replica failed with, or null if it is not known
     * @return why the replica stays down until the process is started again, as a sentence; null if it may start anew
     */
    static @Nullable String staysDown(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause instanceof FoldFailed) {
                // Whatever it was that the user's code threw.
                return null;
            }
            if (cause instanceof Diverged) {
                // It says itself what to look for; what it starts from may be as wrong as what it holds.
                return DOWN.strip();
            }
            if (cause instanceof InvariantViolation) {
                return "What this replica knows or has stored contradicts itself: unseen damage, or a bug."
                        + DOWN
                        + " Keep its data folder and its log for the report.";
            }
            // What a serializer throws that does not know the bytes, and, as their cause, what journals throw.
            if (cause instanceof ObjectStreamException) {
                return "What is stored cannot be understood, and does not heal by being read again." + DOWN;
            }
            cause = cause.getCause();
        }
        return null;
    }
}
