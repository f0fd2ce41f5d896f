package io.murmuration.benchmarks;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The medians of several windows of the same work, each figure by itself. Of an even number of windows it is the lower
 * one of the two in the middle for what should be high, and the higher one for what should be low.
 *
 * @param work what was done
 * @param windows how many windows there were
 * @param disturbed how many of them were disturbed
 * @param perSecond answers per second
 * @param perSecondMin the least of all windows
 * @param perSecondMax the most of all windows
 * @param p50 microseconds
 * @param p99 microseconds
 * @param p999 microseconds
 * @param cpuMicros CPU time per answer in microseconds, of all processes
 */
record Medians(
        @JsonUnwrapped Window.Work work,
        int windows,
        int disturbed,
        long perSecond,
        long perSecondMin,
        long perSecondMax,
        long p50,
        long p99,
        long p999,
        double cpuMicros) {
    private static final String COLUMNS = "%5s %6s %-7s %7s %6s %10s %19s %9s %9s %9s %9s  %s";

    static final String HEAD = String.format(
            Locale.ROOT,
            COLUMNS,
            "nodes",
            "groups",
            "what",
            "bytes",
            "open",
            "per second",
            "from - to",
            "p50 us",
            "p99 us",
            "p99.9 us",
            "CPU us",
            "windows");

    /** Of all work that was done, in the order in which it was done first. */
    static List<Medians> of(List<Window> windows) {
        Map<Window.Work, List<Window>> alike = new LinkedHashMap<>();
        windows.forEach(window ->
                alike.computeIfAbsent(window.work(), any -> new ArrayList<>()).add(window));
        List<Medians> medians = new ArrayList<>();
        alike.forEach((work, same) -> medians.add(of(work, same)));
        return medians;
    }

    private static Medians of(Window.Work work, List<Window> windows) {
        double[] perSecond = sorted(windows, Window::perSecond);
        return new Medians(
                work,
                windows.size(),
                (int) windows.stream().filter(Window::disturbed).count(),
                Math.round(perSecond[(perSecond.length - 1) / 2]),
                Math.round(perSecond[0]),
                Math.round(perSecond[perSecond.length - 1]),
                Math.round(high(windows, Window::p50)),
                Math.round(high(windows, Window::p99)),
                Math.round(high(windows, Window::p999)),
                Math.round(high(windows, Window::cpuMicrosOfAll) * 10) / 10.0);
    }

    private static double high(List<Window> windows, ToDoubleFunction<Window> figure) {
        return sorted(windows, figure)[windows.size() / 2];
    }

    private static double[] sorted(List<Window> windows, ToDoubleFunction<Window> figure) {
        return windows.stream().mapToDouble(figure).sorted().toArray();
    }

    String row() {
        return String.format(
                Locale.ROOT,
                COLUMNS,
                work.nodes(),
                work.groups(),
                work.operation(),
                work.payloadBytes(),
                work.open(),
                perSecond,
                perSecondMin + " - " + perSecondMax,
                p50,
                p99,
                p999,
                cpuMicros,
                windows + (disturbed > 0 ? ", " + disturbed + " disturbed *" : ""));
    }
}
