package io.murmuration.core.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.apply.Sessions.Gateway;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Payload.Proposed;
import io.murmuration.core.model.Snapshot;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final Gateway GATEWAY = new Gateway(new UUID(1, 1), "n1");

    private static Proposed proposed(long session, long serial, long lowest) {
        return new Proposed(session, serial, lowest, new Encoded(1, "", new byte[0]));
    }

    private static Outcome outcome(long serial, long index) {
        return new Outcome(serial, index, new Reply.Replied(new Encoded(1, "", new byte[100])));
    }

    private static Gateway gateway(int number) {
        return new Gateway(new UUID(0, number), "n" + number);
    }

    @Test
    void opensOneSessionPerLife() {
        Sessions sessions = new Sessions();

        assertThat(sessions.open(4, GATEWAY)).isEqualTo(4);
        assertThat(sessions.open(9, GATEWAY)).isEqualTo(4);
        assertThat(sessions.open(10, gateway(7))).isEqualTo(10);
        assertThat(sessions.count()).isEqualTo(2);
    }

    @Test
    void answersARememberedSerialWithItsFirstOutcome() {
        Sessions sessions = new Sessions();
        sessions.open(1, GATEWAY);
        sessions.remember(1, outcome(5, 20));
        sessions.remember(1, outcome(6, 21));

        assertThat(sessions.answered(proposed(1, 5, 5))).isEqualTo(outcome(5, 20));
        assertThat(sessions.answered(proposed(1, 6, 5))).isEqualTo(outcome(6, 21));
        assertThat(sessions.answered(proposed(1, 7, 5))).isNull();
    }

    @Test
    void neverAppliesASerialBelowTheLowest() {
        Sessions sessions = new Sessions();
        sessions.open(1, GATEWAY);
        sessions.remember(1, outcome(5, 20));

        assertThat(sessions.answered(proposed(1, 8, 6))).isNull();

        assertThat(sessions.answered(proposed(1, 5, 5))).isEqualTo(new Outcome(5, 0, new Reply.Forgotten()));
        assertThat(sessions.answered(proposed(1, 3, 1))).isEqualTo(new Outcome(3, 0, new Reply.Forgotten()));
        assertThat(sessions.bytes()).isZero();
    }

    @Test
    void lowestNeverFalls() {
        Sessions sessions = new Sessions();
        sessions.open(1, GATEWAY);

        assertThat(sessions.answered(proposed(1, 9, 7))).isNull();
        assertThat(sessions.answered(proposed(1, 8, 2))).isNull();

        assertThat(sessions.contents().get(0).lowest()).isEqualTo(7);
    }

    @Test
    void refusesAnUnknownSession() {
        Sessions sessions = new Sessions();

        assertThat(sessions.answered(proposed(3, 1, 1))).isEqualTo(new Outcome(1, 0, new Reply.SessionUnknown()));
    }

    @Test
    void forgetsBehindTheWindowWhateverTheGatewaySays() {
        Sessions sessions = new Sessions();
        sessions.open(1, GATEWAY);
        for (long serial = 1; serial <= 5_000; serial++) {
            assertThat(sessions.answered(proposed(1, serial, 1))).isNull();
            sessions.remember(1, outcome(serial, serial));
        }

        assertThat(sessions.contents().get(0).outcomes()).hasSize(Sessions.WINDOW + 1);
        assertThat(sessions.answered(proposed(1, 5_000 - Sessions.WINDOW, 1))).isNotNull();
        assertThat(sessions.answered(proposed(1, 5_000 - Sessions.WINDOW - 1, 1)))
                .extracting(Outcome::reply)
                .isEqualTo(new Reply.Forgotten());
    }

    @Test
    void keepsAllThatAGatewayMayHaveUnderWay() {
        Sessions sessions = new Sessions();
        sessions.open(1, GATEWAY);

        assertThat(sessions.answered(proposed(1, 1 + Sessions.WINDOW, 1))).isNull();

        assertThat(sessions.answered(proposed(1, 1, 1))).isNull();
    }

    @Test
    void takesNoHarmFromSenselessSerials() {
        Sessions sessions = new Sessions();
        sessions.open(1, GATEWAY);

        assertThat(sessions.answered(proposed(1, Long.MIN_VALUE, Long.MIN_VALUE)))
                .extracting(Outcome::reply)
                .isEqualTo(new Reply.Forgotten());
        assertThat(sessions.answered(proposed(1, 1, 1))).isNull();
    }

    @Test
    void dropsTheLongestIdleSessionAtTheBound() {
        Sessions sessions = new Sessions(new Sessions.Bounds(3, Sessions.BYTES_MAX, Sessions.IDLE_MAX));
        sessions.open(1, gateway(1));
        sessions.open(2, gateway(2));
        sessions.open(3, gateway(3));
        sessions.answered(proposed(1, 1, 1));
        sessions.open(4, gateway(2));

        sessions.open(5, gateway(5));

        assertThat(sessions.contents().stream().map(Snapshot.Session::session)).containsExactly(1L, 2L, 5L);
        assertThat(sessions.answered(proposed(3, 1, 1))).isEqualTo(new Outcome(1, 0, new Reply.SessionUnknown()));
    }

    @Test
    void aDroppedSessionIsNeverOpenedAgainUnderItsNumber() {
        Sessions sessions = new Sessions(new Sessions.Bounds(1, Sessions.BYTES_MAX, Sessions.IDLE_MAX));
        sessions.open(1, gateway(1));
        sessions.remember(1, outcome(1, 2));
        sessions.open(3, gateway(3));

        assertThat(sessions.open(4, gateway(1))).isEqualTo(4);
        assertThat(sessions.answered(proposed(1, 1, 1))).isEqualTo(new Outcome(1, 0, new Reply.SessionUnknown()));
    }

    @Test
    void knowsWhereToSendTheRefusalOfADroppedSession() {
        Sessions sessions = new Sessions(new Sessions.Bounds(2, Sessions.BYTES_MAX, Sessions.IDLE_MAX));
        for (int number = 1; number <= 10; number++) {
            sessions.open(number, gateway(number));
        }

        assertThat(sessions.gateway(8)).isEqualTo(gateway(8));
        assertThat(sessions.gateway(7)).isEqualTo(gateway(7));
        assertThat(sessions.gateway(6)).isNull();
    }

    @Test
    void dropsTheLongestIdleSessionAtTheBoundOfBytes() {
        Sessions sessions = new Sessions(new Sessions.Bounds(100, 1_000, Sessions.IDLE_MAX));
        sessions.open(1, gateway(1));
        sessions.open(2, gateway(2));
        for (int serial = 1; serial <= 3; serial++) {
            sessions.remember(1, outcome(serial, serial));
            sessions.remember(2, outcome(serial, serial));
        }

        assertThat(sessions.contents().stream().map(Snapshot.Session::session)).containsExactly(1L);
        assertThat(sessions.bytes()).isEqualTo(3 * (96 + 116));
    }

    @Test
    void theLastSessionStaysWhateverItHolds() {
        Sessions sessions = new Sessions(new Sessions.Bounds(100, 1, Sessions.IDLE_MAX));
        sessions.open(1, gateway(1));
        sessions.remember(1, outcome(1, 2));

        assertThat(sessions.answered(proposed(1, 1, 1))).isEqualTo(outcome(1, 2));
    }

    private static LogTime elapsed(long millis) {
        return new LogTime(0, millis);
    }

    private static Sessions idleFor(long millis) {
        return new Sessions(new Sessions.Bounds(100, Sessions.BYTES_MAX, Duration.ofMillis(millis)));
    }

    @Test
    void dropsWhatHasBeenIdleForTooLongByTheLogsTime() {
        Sessions sessions = idleFor(1_000);
        sessions.at(elapsed(0));
        sessions.open(1, gateway(1));
        sessions.open(2, gateway(2));
        sessions.at(elapsed(600));
        sessions.answered(proposed(1, 1, 1));

        sessions.at(elapsed(1_000));
        assertThat(sessions.count()).isEqualTo(2);
        sessions.at(elapsed(1_001));

        assertThat(sessions.contents()).extracting(Snapshot.Session::session).containsExactly(1L);
        assertThat(sessions.gateway(2)).as("where its refusals go").isEqualTo(gateway(2));
        assertThat(sessions.answered(proposed(2, 1, 1)))
                .extracting(Outcome::reply)
                .isEqualTo(new Reply.SessionUnknown());
        sessions.at(elapsed(1_601));
        assertThat(sessions.count()).isZero();
    }

    @Test
    void openingASessionAgainKeepsItAlive() {
        Sessions sessions = idleFor(1_000);
        sessions.open(1, gateway(1));
        sessions.at(elapsed(900));
        assertThat(sessions.open(5, gateway(1))).isEqualTo(1);
        sessions.at(elapsed(1_900));
        assertThat(sessions.count()).isEqualTo(1);
        sessions.at(elapsed(1_901));

        assertThat(sessions.open(9, gateway(1)))
                .as("another one after it expired")
                .isEqualTo(9);
    }

    @Test
    void livesAnHourByDefaultAndAClockThatJumpsCountsTenSeconds() {
        Sessions sessions = new Sessions();
        LogTime time = LogTime.START.at(1_000);
        sessions.at(time);
        sessions.open(1, GATEWAY);

        time = time.at(Duration.ofDays(365).toMillis());
        sessions.at(time);

        assertThat(sessions.count()).isEqualTo(1);
        sessions.at(new LogTime(time.millis(), 3_600_001));
        assertThat(sessions.count()).isZero();
    }
}
