package io.murmuration.testkit.sim;

import io.murmuration.core.election.ElectionSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What tries leadership in one world, drawn behind all the rest: what stands still, who should lead, who is stopped in
 * order, and whether reads trust leases. Half of all worlds have nothing of it. In some there is one such fault and no
 * other of any kind, so that it can be said by when somebody else must lead.
 */
final class LeadershipMix {
    /** All that is drawn here. */
    static final Set<Fault> KINDS = EnumSet.range(Fault.STALLED_DISK, Fault.RETIREMENT);

    private static final Set<Fault> LONELY = EnumSet.of(
            Fault.STALLED_DISK, Fault.HUNG_FOLD, Fault.HUNG_LOG, Fault.GREY_PATH, Fault.STEADY_DISK, Fault.RETIREMENT);
    private static final double SOME = 0.5;
    private static final double ALONE = 0.3;
    private static final List<Double> DENSITIES = List.of(0.15, 0.3, 0.6);
    private static final double NAMED = 0.75;
    private static final int PRIORITY_MAX = 3;
    private static final double MILLION = 1e6;

    /** What there is in this world. */
    final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    /** The only kind of fault of this world, besides leases; null if there may be others. */
    final @Nullable Fault alone;
    /** The mean time between two of these. */
    final long interval;

    private final int[] priorities;

    LeadershipMix(Set<Fault> allowed, int nodes, long timeout, SimRandom random) {
        // Whoever names some of these, or nothing else, wants to see them.
        boolean named = !allowed.containsAll(KINDS) || KINDS.containsAll(allowed);
        boolean some = random.chance(SOME) || named;
        boolean lonely = random.chance(ALONE);
        double drawnDensity = random.pick(DENSITIES);
        double density = named ? NAMED : drawnDensity;
        for (Fault kind : KINDS) {
            boolean drawn = random.chance(density) && some;
            if (drawn && allowed.contains(kind)) {
                faults.add(kind);
            }
        }
        Set<Fault> candidates = EnumSet.copyOf(LONELY);
        candidates.retainAll(faults);
        alone = lonely && !candidates.isEmpty() ? candidates.iterator().next() : null;
        if (alone != null) {
            faults.retainAll(EnumSet.of(alone, Fault.LEASE_READS));
        }
        interval = random.between(2 * timeout, 8 * timeout);
        priorities = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            priorities[node] = random.nextInt(PRIORITY_MAX);
        }
    }

    /** What of all the rest there may be in this world. */
    Set<Fault> others(Set<Fault> allowed) {
        return alone == null ? allowed : EnumSet.noneOf(Fault.class);
    }

    boolean has(Fault kind) {
        return faults.contains(kind);
    }

    int priority(SimNode node) {
        return has(Fault.PRIORITIES) ? priorities[node.number()] : 0;
    }

    /**
     * The settings of one node's Election.
     *
     * @param driftPpm by how much its clock may run too fast or too slow: the bound of leases is as narrow as that
     *     allows
     */
    ElectionSettings settings(SimNode node, Duration timeout, long driftPpm) {
        double drift = driftPpm / MILLION;
        int percent = Math.max(1, (int) Math.ceil(200 * drift / (1 + drift)));
        // Only where there are several groups does somebody say when another node falls silent.
        return new ElectionSettings(
                timeout,
                priority(node),
                has(Fault.LEASE_READS) ? OptionalInt.of(percent) : OptionalInt.empty(),
                node.host().several());
    }
}
