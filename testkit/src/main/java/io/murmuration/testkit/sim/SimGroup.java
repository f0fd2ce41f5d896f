package io.murmuration.testkit.sim;

import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.List;

/**
 * What all nodes of a simulated group share.
 *
 * @param names the nodes, the first of which founds the group
 * @param machine the user's machine
 * @param codec keeps commands and replies
 * @param electionTimeout T
 * @param laws what must be true of every state
 */
record SimGroup(List<String> names, StateMachine<?> machine, SimCodec codec, Duration electionTimeout, List<Law> laws) {
    static final String NAME = "simulated";

    /** How many nodes are more than half. */
    int majority() {
        return names.size() / 2 + 1;
    }
}
