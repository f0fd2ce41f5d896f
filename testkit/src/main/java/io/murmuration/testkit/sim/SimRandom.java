package io.murmuration.testkit.sim;

import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Random numbers that a seed decides, the same on every JDK: SplitMix64 (Steele, Lea and Flood 2014). What is derived
 * from it is computed here too, since the JDK does not promise how it does that. Mutable, for one thread.
 */
final class SimRandom implements RandomGenerator {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    SimRandom(long seed) {
        this.state = mix(seed + GOLDEN);
    }

    /** A generator of its own: what is drawn from one does not move the other. */
    SimRandom split() {
        return new SimRandom(nextLong());
    }

    @Override
    public long nextLong() {
        state += GOLDEN;
        return mix(state);
    }

    @Override
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    @Override
    public int nextInt(int bound) {
        return (int) nextLong(bound);
    }

    @Override
    public int nextInt(int origin, int bound) {
        return (int) nextLong(origin, bound);
    }

    /** The remainder of 63 bits: the bias is below one in 2^30 for the bounds used here. */
    @Override
    public long nextLong(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("The bound must be positive, but it is " + bound + ".");
        }
        return (nextLong() >>> 1) % bound;
    }

    @Override
    public long nextLong(long origin, long bound) {
        return origin + nextLong(bound - origin);
    }

    @Override
    public boolean nextBoolean() {
        return nextLong() < 0;
    }

    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    boolean chance(double probability) {
        return probability > 0 && nextDouble() < probability;
    }

    /** From one to the other, both included. */
    long between(long least, long most) {
        return least + nextLong(most - least + 1);
    }

    /** A waiting time with this mean, never more than ten times of it. */
    long around(long mean) {
        return Math.min(10 * mean, (long) (-StrictMath.log(1 - nextDouble()) * mean));
    }

    <T> T pick(List<T> list) {
        return list.get(nextInt(list.size()));
    }

    UUID uuid() {
        return new UUID(nextLong(), nextLong());
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
