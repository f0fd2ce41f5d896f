package io.murmuration.examples.bank.http;

import io.murmuration.examples.bank.ledger.BankCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * The header by which a payment is known again. The answer always carries one: the request's own, or one that was made
 * up.
 *
 * @param value 1 to 128 printable characters
 * @param usable false if the request's own cannot be used, and another was made up for the answer
 */
record IdempotencyKey(String value, boolean usable) {
    private static final String NAME = "Idempotency-Key";

    static IdempotencyKey of(HttpRequest request) {
        List<String> given = new ArrayList<>();
        for (HttpHeader header : request.getHeaders()) {
            if (header.is("idempotency-key")) {
                given.add(header.value());
            }
        }
        if (given.isEmpty()) {
            return new IdempotencyKey(UUID.randomUUID().toString(), true);
        }
        boolean usable = given.size() == 1 && BankCommand.isPaymentId(given.get(0));
        return new IdempotencyKey(usable ? given.get(0) : UUID.randomUUID().toString(), usable);
    }

    String paymentId() {
        if (!usable) {
            throw new Problem.Thrown(Problem.malformed(
                    NAME, "The header Idempotency-Key must be there once, with 1 to 128 printable characters."));
        }
        return value;
    }

    HttpHeader header() {
        return RawHeader.create(NAME, value);
    }
}
