package io.murmuration.testkit.mutants;

import java.util.List;

/**
 * Bugs of leading while something stands still, of being preferred or stopped, and of leases: in worlds made for them.
 */
final class StallMutants {
    private static final String PULSES = "core/election/Pulses.java";
    private static final String SUCCESSION = "core/election/Succession.java";

    private StallMutants() {}

    static List<Mutant> resigning() {
        return List.of(
                Mutant.of("stalled disk not noticed", "rule Election 8", "a leader that can write nothing leads on")
                        .patch(PULSES, "return disk.longerThan(STALL_TIMEOUTS * timeout, now);", "return false;")
                        .inWorldsWith("STALLED_DISK")
                        .caughtBy("PROMPT_RESIGNATION"),
                Mutant.of("hung fold not noticed", "rule Election 8", "a leader that answers nobody leads on")
                        .patch(
                                PULSES,
                                "return hangs(machine, now) || fold.longerThan(STALL_TIMEOUTS * timeout, now);",
                                "return false;")
                        .inWorldsWith("HUNG_FOLD")
                        .caughtBy("PROMPT_RESIGNATION"),
                Mutant.of("hung Log not noticed", "rule Election 8", "a leader that takes nothing leads on")
                        .patch(PULSES, "return hangs(log, now);", "return false;")
                        .inWorldsWith("HUNG_LOG")
                        .caughtBy("PROMPT_RESIGNATION"),
                Mutant.of("grey path not noticed", "rule Election 8", "a leader that reaches nobody's log leads on")
                        .patch(PULSES, "return majority.longerThan(GREY_TIMEOUTS * timeout, now);", "return false;")
                        .inWorldsWith("GREY_PATH")
                        .caughtBy("PROMPT_RESIGNATION"),
                Mutant.of("movement does not count", "rule Election 8", "a slow disk makes a leader resign")
                        .patch(PULSES, "if (!waits || reached != index) {", "if (!waits) {")
                        .inWorldsWith("STEADY_DISK")
                        .caughtBy("STEADY_LEADER"));
    }

    static List<Mutant> leading() {
        return List.of(
                Mutant.of("nobody is preferred", "rule Election 8", "who should lead never does")
                        .patch(
                                "core/election/Preference.java",
                                "return long2T ? Optional.ofNullable(preferred) : Optional.empty();",
                                "return Optional.empty();")
                        .inWorldsWith("PRIORITIES")
                        .caughtBy("LIVENESS"),
                Mutant.of("stopped without handing over", "thesis 3.10", "a time-out passes before anybody leads again")
                        .patch(SUCCESSION, "leave(voters.apply(now), now);", "desk.emit(new Effect.Relieved());")
                        .inWorldsWith("RETIREMENT")
                        .caughtBy("GENTLE_RETIREMENT"));
    }

    static List<Mutant> leases() {
        return List.of(Mutant.of("lease without an end", "thesis 6.4.1", "a leader that hears nobody answers reads")
                .patch("core/election/Lease.java", "return held && now - until < 0;", "return held;")
                .inWorldsWith("LEASE_READS", "CUT", "PAUSE")
                .caughtBy("REAL_TIME"));
    }
}
