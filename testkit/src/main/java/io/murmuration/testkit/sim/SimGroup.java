package io.murmuration.testkit.sim;

import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.List;

/**
 * What all nodes of a simulated group share.
 *
 * @param names the nodes
 * @param founders those that found the group, the first of which draws its id
 * @param machine the user's machine
 * @param codec keeps commands and replies
 * @param electionTimeout T
 * @param laws what must be true of every state
 */
record SimGroup(
        List<String> names,
        List<String> founders,
        StateMachine<?> machine,
        SimCodec codec,
        Duration electionTimeout,
        List<Law> laws) {
    static final String NAME = "simulated";

    /** The same nodes, of which only the first so many found the group; the others may be added later. */
    SimGroup foundedBy(int count) {
        return new SimGroup(names, names.subList(0, count), machine, codec, electionTimeout, laws);
    }
}
