package io.murmuration.testkit.sim;

import java.time.Duration;
import java.util.List;

/**
 * How many groups a world has, what they are like, and what befalls one of them alone. Drawn aside, so that worlds of
 * one group are what they would be without it.
 */
final class GroupMix {
    /** So many groups a world may be asked to have. */
    static final int GROUPS_MAX = 8;

    private static final double SEVERAL = 0.25;
    private static final int DRAWN_MAX = 4;
    /** The others may wait longer for their leaders. */
    private static final List<Integer> TIMEOUTS = List.of(1, 1, 2, 3);

    final int count;
    /** How often what is said to one group reaches a neighbour too, as if two had one address. */
    final double stray;
    /** The mean time between two times that a group is stopped on a node, in election time-outs; 0 for never. */
    final long stops;

    /** The mean time between two lulls, in which groups fall asleep, in election time-outs; 0 for never. */
    final long lulls;

    /**
     * Timers that are due in the same tick of a scheduler ring together, so heartbeats leave together. Often it is
     * coarser than in production: what meets by its number there must meet with few groups here.
     */
    final long tick;

    private final SimRandom random;

    /**
     * What is drawn for one world.
     *
     * @param wanted how many groups there are to be, or 0 for a number that is drawn
     * @param timeout T in nanoseconds
     * @param kind whether nothing goes wrong in this world
     */
    GroupMix(int wanted, long timeout, boolean kind, SimRandom random) {
        this.random = random;
        boolean several = random.chance(SEVERAL);
        int drawn = random.nextInt(2, DRAWN_MAX + 1);
        double strays = 0.0005 * StrictMath.pow(40, random.nextDouble());
        boolean stopped = random.chance(0.5);
        long between = random.between(2, 20);
        boolean coarse = random.chance(0.7);
        boolean lulled = random.chance(0.7);
        long apart = random.between(2, 12);
        this.count = wanted > 0 ? wanted : several ? drawn : 1;
        this.stray = kind || count == 1 ? 0 : strays;
        this.lulls = count == 1 || !lulled ? 0 : apart;
        this.tick = count == 1 ? 1 : coarse ? timeout / 10 : Mix.MILLI;
        this.stops = kind || count == 1 || !stopped ? 0 : between;
    }

    /** A randomness of its own for what is beside the first group. */
    SimRandom split() {
        return random.split();
    }

    static String name(int place) {
        return String.valueOf((char) ('a' + place));
    }

    /** Another group on the same nodes: it may begin on fewer of them, and have another election time-out. */
    SimGroup neighbour(int place, SimGroup first, Mix mix) {
        int all = first.names().size();
        boolean fewer = mix.has(Fault.CHANGE_MEMBERS) || random.chance(0.3);
        int founders = 1 + random.nextInt(all);
        Duration timeout = first.electionTimeout().multipliedBy(random.pick(TIMEOUTS));
        return new SimGroup(
                name(place),
                first.names(),
                first.names().subList(0, fewer ? founders : all),
                first.machine(),
                first.codec(),
                timeout,
                first.laws());
    }

    /** Fewer callers than the first group has, and no crowd: a world must not take much longer for its neighbours. */
    RunningGroup.Crowd crowd(int callers) {
        return new RunningGroup.Crowd(1 + random.nextInt(callers), 1);
    }
}
