package io.murmuration.examples.bank.http;

import io.murmuration.NotAppliedException;
import io.murmuration.OutcomeUnknownException;
import io.murmuration.examples.bank.ledger.Refusal;
import java.util.concurrent.CompletionException;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in HTTP why something did not come about. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static HttpResponse response(Throwable thrown) {
        return problem(thrown).response();
    }

    static Problem problem(Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (failure instanceof Problem.Thrown malformed) {
            return malformed.problem();
        }
        if (failure instanceof NotAppliedException notApplied) {
            return notApplied(notApplied);
        }
        if (failure instanceof OutcomeUnknownException.ReplyLost) {
            return Problem.outcomeUnknown(said(failure));
        }
        if (failure instanceof OutcomeUnknownException) {
            return Problem.outcomeUnknown(
                    said(failure) + " Ask again with the same Idempotency-Key: it is carried out once at most.");
        }
        if (failure instanceof EntityStreamSizeException) {
            return Problem.tooLarge();
        }
        LOG.error("A request failed for a reason that nobody expected.", failure);
        return Problem.of(500, "internal", "Internal error", "The node could not answer; its log says why.");
    }

    private static Problem notApplied(NotAppliedException failure) {
        if (failure instanceof NotAppliedException.Rejected rejected) {
            return Refusal.of(rejected).map(Failures::refused).orElseGet(() -> unknownReason(rejected));
        }
        if (failure instanceof NotAppliedException.Overloaded) {
            return Problem.of(429, "overloaded", "Overloaded", said(failure));
        }
        if (failure instanceof NotAppliedException.TooLarge) {
            return Problem.of(413, "too-large", "Command too large", said(failure));
        }
        if (failure instanceof NotAppliedException.Unsupported) {
            LOG.error("The ledger does not know a command of its own.", failure);
            return Problem.of(500, "internal", "Internal error", said(failure));
        }
        return Problem.of(
                503, "not-applied", "Not applied", said(failure) + " It was surely without effect: ask again.");
    }

    private static Problem refused(Refusal.At at) {
        int status = at.refusal() == Refusal.NO_SUCH_ACCOUNT ? 404 : 409;
        String detail = switch (at.refusal()) {
            case NO_SUCH_ACCOUNT -> "An account that is named is not open; open it by PUT /accounts/{id}.";
            case INSUFFICIENT_FUNDS -> "There is less in the account than was asked for.";
            case BALANCE_OVERFLOW -> "The balance would exceed " + Long.MAX_VALUE + " cents.";
            case IDEMPOTENCY_CONFLICT -> "The Idempotency-Key was used for another payment; take a new one.";
        };
        return new Problem(status, at.refusal().code(), at.refusal().title(), detail, null, at.index());
    }

    private static Problem unknownReason(NotAppliedException.Rejected rejected) {
        return new Problem(409, "rejected", "Rejected", said(rejected), null, rejected.index());
    }

    private static String said(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
