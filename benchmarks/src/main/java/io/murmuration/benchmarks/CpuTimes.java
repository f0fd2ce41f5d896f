package io.murmuration.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU times at one moment.
 *
 * @param at {@link System#nanoTime}
 * @param processes what each of the benchmark's processes has used so far
 * @param machine what the whole machine has used so far; zero where there is no {@code /proc/stat}
 * @param stolen what other virtual machines on the same hardware have kept this one from using so far
 */
record CpuTimes(long at, List<Duration> processes, Duration machine, Duration stolen) {
    private static final Path STAT = Path.of("/proc/stat");
    /** The unit of {@code /proc/stat} wherever Java runs on Linux. */
    private static final long TICK_MILLIS = 10;

    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int STEAL = 7;

    static CpuTimes now(Stream<ProcessHandle> processes) {
        List<Duration> used = new ArrayList<>();
        processes.forEach(process -> used.add(process.info().totalCpuDuration().orElse(Duration.ZERO)));
        Duration[] machine = machineNow();
        return new CpuTimes(System.nanoTime(), used, machine[0], machine[1]);
    }

    /** Each process's use since then. */
    List<Duration> since(CpuTimes before) {
        List<Duration> used = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            used.add(processes.get(i).minus(before.processes().get(i)));
        }
        return used;
    }

    /** What others have used since then, in percent of one core; -1 where nobody can tell. */
    long othersPercent(CpuTimes before) {
        if (machine.isZero()) {
            return -1;
        }
        Duration own = since(before).stream().reduce(Duration.ZERO, Duration::plus);
        Duration others = machine.minus(before.machine()).minus(own);
        return Math.max(0, others.toNanos() * 100 / Math.max(1, at - before.at()));
    }

    /** What other virtual machines have taken since then, in percent of one core. */
    long stolenPercent(CpuTimes before) {
        return stolen.minus(before.stolen()).toNanos() * 100 / Math.max(1, at - before.at());
    }

    /** What was used, and what was stolen. */
    private static Duration[] machineNow() {
        try (Stream<String> lines = Files.lines(STAT, StandardCharsets.US_ASCII)) {
            String[] fields = lines.findFirst().orElse("").split("\\s+", -1);
            long ticks = 0;
            for (int i = 1; i < fields.length && i - 1 <= STEAL; i++) {
                boolean busy = i - 1 != IDLE && i - 1 != IOWAIT && i - 1 != STEAL;
                ticks += busy ? Long.parseLong(fields[i]) : 0;
            }
            long stolen = fields.length > STEAL + 1 ? Long.parseLong(fields[STEAL + 1]) : 0;
            return new Duration[] {Duration.ofMillis(ticks * TICK_MILLIS), Duration.ofMillis(stolen * TICK_MILLIS)};
        } catch (IOException | NumberFormatException notLinux) {
            return new Duration[] {Duration.ZERO, Duration.ZERO};
        }
    }
}
