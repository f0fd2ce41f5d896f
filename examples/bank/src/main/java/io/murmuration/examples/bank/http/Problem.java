package io.murmuration.examples.bank.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/**
 * An error as {@code application/problem+json} (RFC 9457).
 *
 * @param status the HTTP status
 * @param code what kind of problem, for a program; also the end of its {@code type}
 * @param title what kind of problem, for a person
 * @param detail what it is this time, and what to do
 * @param field which part of the request is wrong, or null
 * @param index where in the log the ledger said no, or null
 */
record Problem(
        int status,
        String code,
        String title,
        String detail,
        @Nullable String field,
        @Nullable Long index) {
    private static final String TYPE = "urn:murmuration:bank:";
    private static final ContentType CONTENT_TYPE =
            ContentTypes.create(MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8));

    static Problem of(int status, String code, String title, String detail) {
        return new Problem(status, code, title, detail, null, null);
    }

    static Problem malformed(String field, String detail) {
        return new Problem(400, "malformed", "Malformed request", detail, field, null);
    }

    static Problem tooLarge() {
        return of(
                413, "too-large", "Body too large", "The body exceeds 64 KiB; no request of this bank needs as much.");
    }

    static Problem tooSlow() {
        return of(
                408,
                "too-slow",
                "Body too slow",
                "The body did not arrive in time; it was surely without effect: send it again.");
    }

    static Problem outcomeUnknown(String detail) {
        return of(504, "outcome-unknown", "Outcome unknown", detail);
    }

    static Problem stopped() {
        return outcomeUnknown("The node stopped before it knew the outcome."
                + " Ask another node, with the same Idempotency-Key: it is carried out once at most.");
    }

    static Problem notFound(String path) {
        return of(404, "no-such-resource", "No such resource", "There is nothing at " + path + "; see /openapi.yaml.");
    }

    static Problem notOpen(String account, long index) {
        String detail = "The account " + account + " is not open; open it by PUT /accounts/" + account + ".";
        return new Problem(404, "no-such-account", "No such account", detail, null, index);
    }

    HttpResponse response() {
        ObjectNode body = Json.object()
                .put("type", TYPE + code)
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("code", code);
        if (field != null) {
            body.put("field", field);
        }
        if (index != null) {
            body.put("index", index);
        }
        HttpResponse response = HttpResponse.create()
                .withStatus(status)
                .withEntity(CONTENT_TYPE, Json.text(body).getBytes(StandardCharsets.UTF_8));
        return status == 429 ? response.addHeader(RawHeader.create("Retry-After", "1")) : response;
    }

    /** Carries a problem out of the depth of a parser. */
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        Thrown(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
