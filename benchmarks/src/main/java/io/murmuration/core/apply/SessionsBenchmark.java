package io.murmuration.core.apply;

import io.murmuration.core.apply.Sessions.Gateway;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Payload.Proposed;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The table of sessions under commands of several Gateways in turn, each with 64 unanswered ones: looked up, carried
 * out, remembered, forgotten. A step is one command.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SessionsBenchmark {
    private static final int UNANSWERED = 64;

    /** How many sessions are open. */
    @Param({"1", "1000"})
    public int open = 1;

    private final Encoded command = new Encoded(1, "C", new byte[64]);
    private final Reply reply = new Reply.Replied(new Encoded(1, "R", new byte[9]));
    private Sessions sessions = new Sessions();
    private long step;

    /** Made by JMH. */
    public SessionsBenchmark() {}

    /** Opens the sessions. */
    @Setup
    public void prepare() {
        sessions = new Sessions();
        step = 0;
        for (int i = 1; i <= open; i++) {
            sessions.open(i, new Gateway(new UUID(0, i), "n" + i));
        }
    }

    /** {@return the number of open sessions, so that nothing is optimized away} */
    @Benchmark
    public int applyCommand() {
        long session = step % open + 1;
        long serial = step / open + 1;
        step++;
        if (sessions.answered(new Proposed(session, serial, Math.max(1, serial - UNANSWERED), command)) != null) {
            throw new IllegalStateException("Serial " + serial + " of session " + session + " was answered before.");
        }
        sessions.remember(session, new Outcome(serial, step, reply));
        return sessions.count();
    }
}
