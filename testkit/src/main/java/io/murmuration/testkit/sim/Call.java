package io.murmuration.testkit.sim;

import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.machine.Command;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one caller asked in a simulated world, and what became of it: what a history checker needs to know.
 *
 * @param group the group that was asked, where there are several on the same nodes
 * @param caller the caller's number; its calls do not overlap
 * @param node the node that was asked
 * @param command the command, or null for a read of the whole state
 * @param local whether the read was of what the node had, and may be old
 * @param called when, since the beginning of the world
 * @param ended when, or zero if the run ended before
 * @param outcome how
 * @param index where it took effect, or whose state was read; 0 if that is not known
 * @param folded where a replica was seen to carry it out, also if the caller does not know; 0 if none was
 * @param answer the reply, or the state that was read; null if it was rejected, refused or is unknown
 * @param reason why it was rejected or refused, or why its outcome is unknown; null if there is an answer
 * @since 0.1.0
 */
public record Call(
        String group,
        int caller,
        String node,
        @Nullable Command<?> command,
        boolean local,
        Duration called,
        Duration ended,
        Outcome outcome,
        long index,
        long folded,
        @Nullable Object answer,
        @Nullable String reason) {
    /** How a call ends. */
    public enum Outcome {
        /** It took effect, or was read. */
        ANSWERED,
        /** It took effect as a rejection: the fold said no. */
        REJECTED,
        /** It surely had no effect, and never will have. */
        NOT_APPLIED,
        /** It may have taken effect, or still do so. */
        UNKNOWN
    }

    static Call of(String group, SimCall call) {
        boolean answered = call.status == SimCall.Status.OK;
        Object told = call.answer;
        String reason = null;
        if (told instanceof Reply.Declined declined) {
            reason = declined.reason();
        } else if (!answered) {
            reason = String.valueOf(told);
        }
        return new Call(
                group,
                call.caller,
                call.node,
                call.command,
                call.local,
                Duration.ofNanos(call.calledAt),
                Duration.ofNanos(call.endedAt),
                outcome(call.status, reason != null),
                call.index,
                call.foldedAt,
                reason == null ? told : null,
                reason);
    }

    private static Outcome outcome(SimCall.Status status, boolean declined) {
        return switch (status) {
            case OK -> declined ? Outcome.REJECTED : Outcome.ANSWERED;
            case FAILED -> Outcome.NOT_APPLIED;
            // Still open when a violation ended the run: nobody knows.
            case UNKNOWN, OPEN -> Outcome.UNKNOWN;
        };
    }
}
