package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/** Stops single groups on single nodes in order, and starts them again in the same process later. Mutable. */
final class Stops {
    private final Simulation world;
    private final GroupMix drawn;
    private final SimRandom random;
    private final long timeout;
    private boolean calm;
    private long count;

    Stops(Simulation world, GroupMix drawn, SimRandom random) {
        this.world = world;
        this.drawn = drawn;
        this.random = random;
        this.timeout = world.mix().timeout;
    }

    void begin() {
        if (drawn.stops > 0) {
            next();
        }
    }

    /** What is stopped is started. */
    void calm() {
        calm = true;
        world.replicas().forEach(SimNode::startGroup);
    }

    long count() {
        return count;
    }

    private void next() {
        world.later(random.around(drawn.stops * timeout), "", () -> {
            if (!calm) {
                if (!world.lulls().now()) {
                    strike();
                }
                next();
            }
        });
    }

    /** At once, where groups are stopped alone. */
    void disturb() {
        if (!calm && drawn.stops > 0) {
            strike();
        }
    }

    /** Half of the time a leader, as everywhere. */
    private void strike() {
        List<SimNode> running = new ArrayList<>(world.replicas());
        running.removeIf(node -> !node.up() || node.closed());
        List<SimNode> leaders = running.stream().filter(SimNode::leads).toList();
        boolean leader = random.nextBoolean() && !leaders.isEmpty();
        long lasting = random.around(2 * timeout);
        if (running.isEmpty()) {
            return;
        }
        SimNode node = random.pick(leader ? leaders : running);
        count++;
        world.trace(node.label() + " is stopped, and its neighbours are not");
        world.later(node, Actor.CALLER, 0, " stops", () -> {
            if (!calm) {
                node.stopGroup();
            }
        });
        world.later(node, Actor.CALLER, lasting, " starts again", node::startGroup);
    }
}
