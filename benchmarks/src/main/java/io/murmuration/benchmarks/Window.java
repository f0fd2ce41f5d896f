package io.murmuration.benchmarks;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What one window of time has shown, as it goes into the report.
 *
 * @param work what was done
 * @param askedOn the process that made the load
 * @param leader the leader's name before the window
 * @param perSecond answers per second
 * @param failures requests that failed
 * @param failure what the last of these said
 * @param p50 microseconds
 * @param p99 microseconds
 * @param p999 microseconds
 * @param max microseconds
 * @param cpuMicros CPU time per answer in microseconds, by process
 * @param othersPercent what other processes used of the machine, in percent of one core; -1 if unknown
 * @param stolenPercent what other virtual machines on the same hardware took of it, in percent of one core
 * @param disturbed whether these two were more than the run allows, so that the figures say little
 */
record Window(
        @JsonUnwrapped Work work,
        String askedOn,
        String leader,
        long perSecond,
        long failures,
        String failure,
        long p50,
        long p99,
        long p999,
        long max,
        Map<String, Double> cpuMicros,
        long othersPercent,
        long stolenPercent,
        boolean disturbed) {
    private static final String COLUMNS = "%5s %6s %-7s %7s %6s %-6s %10s %9s %9s %9s %9s %7s  %-42s %s";

    static final String HEAD = String.format(
            Locale.ROOT,
            COLUMNS,
            "nodes",
            "groups",
            "what",
            "bytes",
            "open",
            "by",
            "per second",
            "p50 us",
            "p99 us",
            "p99.9 us",
            "max us",
            "failed",
            "CPU us per answer, by process",
            "other load");

    /**
     * What is measured in a window.
     *
     * @param nodes how many nodes there are
     * @param groups how many groups share the load
     * @param operation what is asked
     * @param payloadBytes the padding of a command; 0 if there are no commands
     * @param outstanding how many requests are open at any time
     * @param half whether half as many requests as that carried out are made per second, at fixed times
     */
    record Work(int nodes, int groups, String operation, int payloadBytes, int outstanding, boolean half) {
        Work halved() {
            return new Work(nodes, groups, operation, payloadBytes, outstanding, true);
        }

        /** As it stands in a table. */
        String open() {
            return outstanding + (half ? "/2" : "");
        }
    }

    String row() {
        StringBuilder cpu = new StringBuilder();
        cpuMicros.values().forEach(each -> cpu.append(cpu.isEmpty() ? "" : "+").append(each));
        return String.format(
                Locale.ROOT,
                COLUMNS,
                work.nodes(),
                work.groups(),
                work.operation(),
                work.payloadBytes(),
                work.open(),
                askedOn,
                perSecond,
                p50,
                p99,
                p999,
                max,
                failures,
                String.format(Locale.ROOT, "%.1f = %s", cpuMicrosOfAll(), cpu),
                (othersPercent < 0 ? "unknown" : othersPercent + stolenPercent + " % of a core")
                        + (disturbed ? " *" : ""));
    }

    /** CPU time per answer in microseconds, of all processes. */
    double cpuMicrosOfAll() {
        return cpuMicros.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    static double micros(Duration cpu, long answers) {
        return Math.round(cpu.toNanos() / 100.0 / Math.max(1, answers)) / 10.0;
    }
}
