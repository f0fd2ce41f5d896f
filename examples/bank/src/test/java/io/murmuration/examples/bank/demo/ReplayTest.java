package io.murmuration.examples.bank.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.murmuration.examples.bank.payments.Loader.Kind;
import io.murmuration.examples.bank.payments.Loader.Outcome;
import io.murmuration.examples.bank.payments.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final List<String> ACCOUNTS = List.of("a", "b");

    private final Outcome deposit = accepted("p1", null, "a", 100, 5, "{'account':'a','balance':100}");
    private final Outcome transfer =
            accepted("p2", "a", "b", 60, 6, "{'from':{'account':'a','balance':40},'to':{'account':'b','balance':60}}");
    private final Outcome refused = refused("p3", "a", 41, 7);
    private final Outcome withdrawal = accepted("p4", "b", null, 10, 8, "{'account':'b','balance':50}");

    @Test
    void agreesWithAnswersThatFitByIndexInWhateverOrderTheyCame() {
        Replay replay = Replay.of(ACCOUNTS, List.of(withdrawal, refused, deposit, transfer));

        assertThat(replay.problems()).isEmpty();
        assertThat(replay.total()).isEqualTo(90);
        assertThat(replay.accepted()).isEqualTo(3);
        assertThat(replay.refused()).isEqualTo(1);
        assertThat(replay.lastIndex()).isEqualTo(8);
        assertThat(replay.differences("n1", Map.of("a", 40L, "b", 50L))).isEmpty();
    }

    @Test
    void findsAnIndexThatTwoPaymentsClaim() {
        Outcome other = accepted("p9", null, "b", 1, 5, "{'account':'b','balance':1}");

        assertThat(Replay.of(ACCOUNTS, List.of(deposit, other)).problems())
                .singleElement()
                .asString()
                .contains("index 5");
    }

    @Test
    void findsAWrongBalance() {
        Outcome wrong = accepted("p1", null, "a", 100, 5, "{'account':'a','balance':200}");

        assertThat(Replay.of(ACCOUNTS, List.of(wrong)).problems()).hasSize(1);
    }

    @Test
    void findsARefusalThatShouldNotHaveBeen() {
        assertThat(Replay.of(ACCOUNTS, List.of(deposit, refused("p2", "a", 100, 6)))
                        .problems())
                .hasSize(1);
    }

    @Test
    void findsAPaymentThatShouldHaveBeenRefused() {
        Outcome wrong = accepted("p2", "a", null, 101, 6, "{'account':'a','balance':-1}");

        assertThat(Replay.of(ACCOUNTS, List.of(deposit, wrong)).problems()).hasSize(1);
    }

    @Test
    void findsAnotherReasonThanTheFunds() {
        Outcome odd = new Outcome(new Row(1, "p1", null, "a", 1), Kind.REFUSED, 5, "no-such-account", json("{}"));

        assertThat(Replay.of(ACCOUNTS, List.of(odd)).problems()).hasSize(1);
    }

    @Test
    void findsAPaymentAnsweredTwice() {
        Outcome again = accepted("p1", null, "a", 100, 6, "{'account':'a','balance':200}");

        assertThat(Replay.of(ACCOUNTS, List.of(deposit, again)).problems())
                .singleElement()
                .asString()
                .contains("twice");
    }

    @Test
    void findsAnUnknownOutcome() {
        Outcome unknown = new Outcome(new Row(1, "p1", null, "a", 1), Kind.UNKNOWN, 0, "lost", json("{}"));

        assertThat(Replay.of(ACCOUNTS, List.of(unknown)).problems()).hasSize(1);
    }

    @Test
    void findsALedgerThatLostOrRepeatedAPayment() {
        Replay replay = Replay.of(ACCOUNTS, List.of(deposit, transfer));

        assertThat(replay.differences("n1", Map.of("a", 40L, "b", 60L))).isEmpty();
        assertThat(replay.differences("n1", Map.of("a", 100L, "b", 0L))).hasSize(2);
        assertThat(replay.differences("n1", Map.of("a", 40L))).hasSize(2);
        assertThat(replay.differences("n1", Map.of("a", 40L, "b", 60L, "c", 0L)))
                .hasSize(1);
    }

    private static Outcome accepted(String id, String from, String to, long amount, long index, String body) {
        return new Outcome(new Row(index, id, from, to, amount), Kind.ACCEPTED, index, "", json(body));
    }

    private static Outcome refused(String id, String from, long amount, long index) {
        Row row = new Row(index, id, from, null, amount);
        return new Outcome(row, Kind.REFUSED, index, "insufficient-funds", json("{}"));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
