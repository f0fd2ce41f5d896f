package io.murmuration.testkit.sim;

final class SimMain {
    public static void main(String[] args) {
        long from = Long.parseLong(args[0]);
        long to = Long.parseLong(args[1]);
        boolean trace = args.length > 2 && args[2].equals("trace");
        long steps = 0, ok = 0, failed = 0, unknown = 0, leaders = 0, faults = 0, sim = 0;
        int bad = 0;
        long t0 = System.nanoTime();
        for (long seed = from; seed <= to; seed++) {
            try {
                var c = SimulatedCluster.of(Registers.machine()).seed(seed);
                if (trace) c = c.trace(System.out::println);
                Report r = c.run(Registers::next);
                steps += r.steps();
                ok += r.answered();
                failed += r.failed();
                unknown += r.unknown();
                leaders += r.leaders();
                faults += r.faults();
                sim += r.simulated().toMillis();
            } catch (Violation v) {
                if (bad++ < 3) {
                    System.out.println(v.getMessage());
                    if (v.getCause() != null && v.getCause().getCause() != null)
                        v.getCause().getCause().printStackTrace(System.out);
                } else System.out.println("seed " + seed + " " + v.invariant());
            } catch (Throwable t) {
                System.out.println("seed " + seed);
                t.printStackTrace(System.out);
                bad++;
            }
        }
        double s = (System.nanoTime() - t0) / 1e9;
        System.out.printf(
                "seeds %d bad %d steps %d (%.0f/s) simulated x%.0f ok %d failed %d unknown %d leaders %d faults %d in %.1f s%n",
                to - from + 1, bad, steps, steps / s, sim / 1000.0 / s, ok, failed, unknown, leaders, faults, s);
    }
}
