package io.murmuration.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * What one node has used in one window in which nobody asked anything, as it goes into the report.
 *
 * @param node its name
 * @param groups how many groups run on it
 * @param leads how many of them it leads
 * @param cpuPercent CPU time in percent of one core
 * @param together messages per second that carry what many groups have to say
 * @param ofGroups other messages of groups per second
 * @param others all other messages between nodes per second
 * @param bytes bytes of all these messages per second
 * @param switches times per second that one of its threads gave its core away or lost it; -1 where nobody can tell
 */
record Idle(
        String node,
        int groups,
        int leads,
        double cpuPercent,
        long together,
        long ofGroups,
        long others,
        long bytes,
        long switches) {
    static final String HEAD = row(List.of(
            "node",
            "groups",
            "leads",
            "CPU % of a core",
            "together/s",
            "of groups/s",
            "others/s",
            "bytes/s",
            "switches/s"));

    String row() {
        return row(List.of(
                node,
                String.valueOf(groups),
                String.valueOf(leads),
                String.format(Locale.ROOT, "%.2f", cpuPercent),
                String.valueOf(together),
                String.valueOf(ofGroups),
                String.valueOf(others),
                String.valueOf(bytes),
                switches < 0 ? "unknown" : String.valueOf(switches)));
    }

    private static String row(List<String> cells) {
        return String.format(Locale.ROOT, "%-5s %7s %6s %16s %11s %12s %9s %9s %11s", cells.toArray());
    }
}
