package io.murmuration.testkit.sim;

/**
 * An invariant does not hold, or the group did not recover from its faults. The message tells seed, step, the invariant
 * in one sentence with its section, and the last events.
 *
 * @since 0.1.0
 */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private static final String NEW_LINE = System.lineSeparator();

    private final String invariant;

    Violation(String invariant, String what) {
        super(what);
        this.invariant = invariant;
    }

    Violation(String invariant, String what, Throwable cause) {
        super(what, cause);
        this.invariant = invariant;
    }

    /** The same, naming the group. */
    Violation in(String group) {
        return new Violation(invariant, "Group " + group + ": " + getMessage(), this);
    }

    /** The same with all that is needed to look into it. */
    Violation told(long seed, String run, Simulation world, Trace trace) {
        Invariant meant = Invariant.named(invariant);
        StringBuilder report = new StringBuilder(4_096);
        report.append("Seed ")
                .append(seed)
                .append(", step ")
                .append(world.steps())
                .append(", ");
        report.append(Words.seconds(world.now()))
                .append(" s: ")
                .append(invariant)
                .append(NEW_LINE);
        if (meant != null) {
            report.append("  must hold: ").append(meant.sentence()).append(NEW_LINE);
        }
        report.append("  but:       ").append(getMessage()).append(NEW_LINE);
        report.append("  run:       ").append(run).append(NEW_LINE);
        report.append("  faults:    ").append(world.mix().faults).append(NEW_LINE);
        report.append("The last events:")
                .append(NEW_LINE)
                .append(Trace.heading())
                .append(NEW_LINE);
        trace.last().forEach(line -> report.append(line).append(NEW_LINE));
        return new Violation(invariant, report.toString(), this);
    }

    /**
     * Which invariant.
     *
     * @return its name, as docs/testing.md lists it
     */
    public String invariant() {
        return invariant;
    }
}
