package io.murmuration.testkit.sim;

import io.murmuration.machine.StateMachine;
import java.time.Duration;
import java.util.List;

/**
 * What all nodes of a simulated group share.
 *
 * @param name how it is called; groups of one node have different names
 * @param names the nodes
 * @param founders those that found the group, the first of which draws its id
 * @param machine the user's machine
 * @param codec keeps commands and replies
 * @param electionTimeout T
 * @param laws what must be true of every state
 */
record SimGroup(
        String name,
        List<String> names,
        List<String> founders,
        StateMachine<?> machine,
        SimCodec codec,
        Duration electionTimeout,
        List<Law> laws) {
    /** Where there is one only. */
    static final String NAME = "simulated";

    static SimGroup of(List<String> names, StateMachine<?> machine, Duration electionTimeout, List<Law> laws) {
        return new SimGroup(NAME, names, names, machine, new SimCodec(), electionTimeout, laws);
    }

    SimGroup named(String other) {
        return new SimGroup(other, names, founders, machine, codec, electionTimeout, laws);
    }

    /** The same nodes, of which only the first so many found the group; the others may be added later. */
    SimGroup foundedBy(int count) {
        return new SimGroup(name, names, names.subList(0, count), machine, codec, electionTimeout, laws);
    }
}
