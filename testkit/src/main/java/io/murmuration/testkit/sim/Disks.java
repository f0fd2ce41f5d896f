package io.murmuration.testkit.sim;

/** How long disks take for what they are asked for. Mutable. */
final class Disks {
    private final Mix mix;
    private final Standstills standstills;
    private final SimRandom random;
    private final SimRandom slowness;
    private final long[] slowUntil;

    /**
     * Disks of one world.
     *
     * @param random is drawn from for each sync
     * @param slowness is drawn from only while a disk is steadily slow
     */
    Disks(Mix mix, Standstills standstills, int nodes, SimRandom random, SimRandom slowness) {
        this.mix = mix;
        this.standstills = standstills;
        this.random = random;
        this.slowness = slowness;
        this.slowUntil = new long[nodes];
    }

    /** From now on each sync takes one to two and a half election time-outs. */
    void slow(SimNode node, long until) {
        slowUntil[node.number()] = Math.max(slowUntil[node.number()], until);
    }

    long sync(SimNode node, long now, boolean calm) {
        long lasting = mix.sync / 2 + random.around(mix.sync);
        if (!calm && random.chance(mix.slowSync)) {
            lasting += random.around(mix.timeout);
        }
        if (!calm && slowUntil[node.number()] > now) {
            lasting += slowness.between(mix.timeout, 2 * mix.timeout + mix.timeout / 2);
        }
        return lasting + standstills.rest(node, Actor.STORE, now);
    }

    boolean fails(boolean calm) {
        return !calm && random.chance(mix.failingSync);
    }

    /** What a thread beside the disk's takes for a snapshot. */
    long aside(SimNode node, long now, boolean calm) {
        long lasting = mix.sync + random.around(10 * Mix.MILLI);
        if (!calm && random.chance(mix.slowSync)) {
            lasting += random.nextLong(2 * mix.timeout);
        }
        return lasting + standstills.rest(node, Actor.STORE, now);
    }

    long recovery() {
        return mix.sync + random.around(10 * Mix.MILLI);
    }
}
