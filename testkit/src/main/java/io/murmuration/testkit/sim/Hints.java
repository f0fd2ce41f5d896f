package io.murmuration.testkit.sim;

import java.util.List;
import java.util.Set;

/**
 * What LivenessActor does in production: a node learns that the process of another one is gone, soon or never, again
 * and again as long as that is so; and in some worlds also when it is not. Mutable. Drawn aside, so that worlds without
 * it are what they would be.
 */
final class Hints {
    private static final double NEVER = 0.2;
    private static final double ONE = 0.2;
    private static final double FALSE = 0.3;
    /** In parts of T: how long a node is told again and again, and how often. */
    private static final int PAUSES = 12;

    private final Simulation world;
    private final SimRandom random;
    private final long timeout;
    private final boolean told;
    private final boolean one;
    private final long latency;
    /** The mean time between two false hints; 0 for none. */
    private final long falseEvery;

    private boolean calm;
    private long count;

    Hints(Simulation world, Set<Fault> allowed, SimRandom random) {
        this.world = world;
        this.random = random;
        this.timeout = world.mix().timeout;
        this.told = !random.chance(NEVER) && allowed.contains(Fault.HINT);
        this.one = random.chance(ONE);
        this.latency = random.between(Mix.MILLI / 10, timeout / 4);
        boolean some = random.chance(FALSE);
        long every = random.between(timeout / 2, 8 * timeout);
        boolean others = !world.mix().faults.isEmpty() && world.leadership().alone == null;
        this.falseEvery = some && others && allowed.contains(Fault.HINT) ? every : 0;
    }

    void begin() {
        if (falseEvery > 0) {
            next();
        }
    }

    void calm() {
        calm = true;
    }

    /** How many false hints there were. */
    long count() {
        return count;
    }

    /** A process has died: the others are told, each after a while of its own, or only one of them. */
    void died(SimNode node) {
        if (!told) {
            return;
        }
        long process = node.host().process();
        int chosen = random.nextInt(world.nodes().size());
        for (SimNode other : world.nodes()) {
            long soon = random.around(latency);
            if (other.number() != node.number() && (!one || other.number() == chosen)) {
                again(node, process, other, soon, PAUSES);
            }
        }
    }

    private void again(SimNode node, long process, SimNode other, long wait, int times) {
        world.later(other, Actor.CALLER, wait, " is told that " + node.name() + " is gone", () -> {
            boolean gone = !node.up() && node.host().process() == process;
            if (gone) {
                tell(other, node.name());
            }
            if (gone && times > 1) {
                again(node, process, other, timeout / PAUSES, times - 1);
            }
        });
    }

    private void next() {
        world.later(random.around(falseEvery), "", () -> {
            if (!calm) {
                SimNode node = random.pick(world.nodes());
                SimNode other = random.pick(world.nodes());
                if (node != other && node.up() && other.up()) {
                    count++;
                    world.trace(other.name() + " is told that " + node.name() + " is gone, which lives");
                    tell(other, node.name());
                }
                next();
            }
        });
    }

    /** All replicas of a node are told. */
    private static void tell(SimNode other, String gone) {
        for (SimNode replica : other.host().nodes()) {
            if (replica.hears(Actor.ELECTION)) {
                replica.post(Actor.HEARTBEATS, Actor.ELECTION, new Message.Departed(gone));
            }
        }
    }

    /** A script says that the process of a node is gone, whether it is or not; the others are told. */
    static void gone(ScenarioWorld world, SimNode gone, List<SimNode> others) {
        for (SimNode other : others) {
            if (other != gone && other.hears(Actor.ELECTION)) {
                world.act(other, () -> other.receive(Actor.ELECTION, new Message.Departed(gone.name())));
            }
        }
    }
}
