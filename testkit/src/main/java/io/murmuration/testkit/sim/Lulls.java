package io.murmuration.testkit.sim;

/**
 * Stretches in which nobody asks for anything and nothing strikes, so that groups fall asleep; and then what strikes
 * groups that doze. Only where there are several groups. Mutable.
 */
final class Lulls {
    private static final int LEAST_TIMEOUTS = 5;
    private static final int MORE_TIMEOUTS = 8;

    private final Simulation world;
    private final Chaos chaos;
    private final Stops stops;
    private final long every;
    private final long timeout;
    private final SimRandom random;
    private boolean lull;
    private boolean struck;
    private boolean calm;

    Lulls(Simulation world, Chaos chaos, GroupMix drawn, SimRandom stopping, SimRandom random) {
        this.world = world;
        this.chaos = chaos;
        this.stops = new Stops(world, drawn, stopping);
        this.every = drawn.lulls;
        this.timeout = world.mix().timeout;
        this.random = random;
    }

    void begin() {
        stops.begin();
        if (every > 0) {
            next();
        }
    }

    void calm() {
        calm = true;
        lull = false;
        stops.calm();
    }

    /** Whether everybody holds back. */
    boolean now() {
        return lull;
    }

    /** How many groups were stopped alone. */
    long stopped() {
        return stops.count();
    }

    /** A leader says that its group dozes: in each lull one thing happens while somebody does. */
    void dozes() {
        if (lull && !struck) {
            struck = true;
            world.later(random.around(2 * timeout), "", () -> {
                if (lull) {
                    strike();
                }
            });
        }
    }

    private void strike() {
        int kind = random.nextInt(8);
        if (kind == 0) {
            random.pick(world.groups()).operators().disturb();
        } else if (kind == 1) {
            stops.disturb();
        } else if (kind < 4) {
            world.stalls().disturb();
        } else {
            chaos.disturb();
        }
    }

    private void next() {
        world.later(random.around(every * timeout), "", () -> {
            if (!calm) {
                lull = true;
                struck = false;
                world.trace("everybody holds back");
                world.later(LEAST_TIMEOUTS * timeout + random.around(MORE_TIMEOUTS * timeout), "", this::end);
            }
        });
    }

    private void end() {
        if (!calm) {
            lull = false;
            world.trace("everybody goes on");
            next();
        }
    }
}
