package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.Encoded;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One command without an outcome. Mutable. */
final class Pending {
    final Request request;
    final Encoded command;
    final Copies copies = new Copies();

    /** Its number in the session. A command that has left keeps it for ever. */
    long serial;
    /** The session in which it left, or 0. */
    long session;
    /** When the first copy left; meaningless before. */
    long firstSentAt;
    /** Where the last copy went, or null if none left. */
    @Nullable
    String sentTo;
    /**
     * The message to the node that is being asked which holds a copy, or null if the command waits to be sent to it.
     */
    @Nullable
    Batch batch;
    /** How many of its messages were not answered in time. */
    int silences;
    /** Why it was refused last, or null. */
    @Nullable
    Refusal refusal;

    Pending(Request request, Encoded command, long serial) {
        this.request = request;
        this.command = command;
        this.serial = serial;
    }

    /**
     * One message on its way to the node that is being asked, with those of its commands that wait for an answer.
     * Mutable.
     */
    static final class Batch {
        static final Comparator<Batch> BY_RETRY = (one, other) -> one.retryAt == other.retryAt
                ? Long.compare(one.number, other.number)
                : Long.signum(one.retryAt - other.retryAt);

        final long number;
        final long retryAt;
        final Map<Long, Pending> unanswered = new LinkedHashMap<>();

        Batch(long number, long retryAt) {
            this.number = number;
            this.retryAt = retryAt;
        }
    }
}
