package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Machine;
import io.murmuration.core.log.ReplicatedLog;
import java.util.List;

/** What must come about once there are no more faults: liveness, in a bounded time. */
final class Recovery {
    private final Simulation world;
    private final long timeout;

    Recovery(Simulation world) {
        this.world = world;
        this.timeout = world.group().electionTimeout().toNanos();
    }

    void demand() {
        world.calm();
        goOn(Simulation.LEADER_WITHIN);
        require(
                able().stream().anyMatch(Recovery::leads),
                "there is no leader " + Simulation.LEADER_WITHIN + " election time-outs after the last fault");
        world.callers().close();
        goOn(Simulation.LEADER_WITHIN);
        require(world.callers().open() == 0, world.callers().open() + " calls were never answered");
        int before = world.callers().history().size();
        world.callers().lastCalls(able());
        goOn(Simulation.LEADER_WITHIN);
        for (SimCall call : world.callers()
                .history()
                .subList(before, world.callers().history().size())) {
            require(
                    call.status == SimCall.Status.OK,
                    call + " on " + call.node + " ended " + call.status + " (" + call.answer
                            + ") although nothing is wrong any more");
        }
        equal();
    }

    /** The nodes that have their disks: a wiped or damaged one waits until somebody replaces it. */
    private List<SimNode> able() {
        return world.nodes().stream().filter(node -> !node.lost()).toList();
    }

    private static boolean leads(SimNode node) {
        ReplicatedLog log = node.log();
        return log != null && log.leading();
    }

    private void equal() {
        long commit = -1;
        Object state = null;
        for (SimNode node : able()) {
            ReplicatedLog log = node.log();
            Machine<?> machine = node.machine();
            if (log == null || machine == null) {
                throw violated("the replica of " + node.name() + " does not run");
            }
            commit = commit < 0 ? log.commit() : commit;
            state = state == null ? machine.state() : state;
            long applied = machine.applied().index();
            require(
                    log.commit() == commit && applied == commit,
                    node.name() + " has committed " + log.commit() + " and applied " + applied
                            + ", while another node has committed " + commit);
            require(
                    machine.state().equals(state),
                    "the state of " + node.name() + " differs: " + machine.state() + " instead of " + state);
        }
    }

    private void goOn(int timeouts) {
        world.goOnUntil(world.now() + timeouts * timeout);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw violated(otherwise);
        }
    }

    private Violation violated(String what) {
        StringBuilder nodes = new StringBuilder(what);
        for (SimNode node : world.nodes()) {
            nodes.append(System.lineSeparator()).append("  ").append(Words.of(node, world.now()));
        }
        return Invariant.LIVENESS.violatedBy(nodes.toString());
    }
}
