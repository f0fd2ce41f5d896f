package io.murmuration.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one window of time has shown, as it goes into the report.
 *
 * @param operation what was asked
 * @param outstanding how many requests were open at any time
 * @param payloadBytes the padding of a command
 * @param askedOn the node whose process made the load
 * @param leader the leader's name
 * @param perSecond answers per second
 * @param failures requests that failed
 * @param failure what the last of these said
 * @param p50 microseconds
 * @param p99 microseconds
 * @param p999 microseconds
 * @param max microseconds
 * @param cpuMicros CPU time per answer in microseconds, by process
 * @param othersPercent what other processes used of the machine, in percent of one core; -1 if unknown
 */
record Window(
        String operation,
        int outstanding,
        int payloadBytes,
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
        long othersPercent) {
    static final String HEAD = String.format(
            Locale.ROOT,
            "%-5s %6s %10s %9s %9s %9s %9s %8s  %-36s %s",
            "what",
            "open",
            "per second",
            "p50 us",
            "p99 us",
            "p99.9 us",
            "max us",
            "failed",
            "CPU us per answer",
            "other load");

    String row() {
        StringBuilder cpu = new StringBuilder();
        double sum = 0;
        for (Map.Entry<String, Double> process : new TreeMap<>(cpuMicros).entrySet()) {
            cpu.append(String.format(Locale.ROOT, "%s%.1f", cpu.isEmpty() ? "" : "+", process.getValue()));
            sum += process.getValue();
        }
        return String.format(
                Locale.ROOT,
                "%-5s %6d %10d %9d %9d %9d %9d %8d  %-36s %s",
                operation,
                outstanding,
                perSecond,
                p50,
                p99,
                p999,
                max,
                failures,
                String.format(Locale.ROOT, "%.1f = %s", sum, cpu),
                othersPercent < 0 ? "unknown" : othersPercent + " % of a core");
    }

    static double micros(Duration cpu, long answers) {
        return Math.round(cpu.toNanos() / 100.0 / Math.max(1, answers)) / 10.0;
    }
}
