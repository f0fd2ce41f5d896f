package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Machine;
import io.murmuration.core.apply.Sessions;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** What must come about once there are no more faults: liveness, in a bounded time. */
final class Recovery {
    private static final int TRIES_MAX = 12;
    /** Level for 2 T, and at most one such hand-over in 10 T; the pause doubles with each that failed meanwhile. */
    private static final int PREFERENCE_TIMEOUTS = 25;

    private final Simulation world;
    private final RunningGroup group;
    private final long timeout;
    /** For how long there were faults. */
    private final long faults;

    private Recovery(Simulation world, RunningGroup group, long faults) {
        this.world = world;
        this.group = group;
        this.timeout = group.group().electionTimeout().toNanos();
        this.faults = faults;
    }

    /** The faults end, and each group must recover. */
    static void demand(Simulation world) {
        long faults = world.now();
        world.calm();
        world.goOnUntil(Math.max(world.now(), world.settled()));
        for (RunningGroup group : world.groups()) {
            try {
                new Recovery(world, group, faults).demand();
            } catch (Violation violation) {
                throw world.several() ? violation.in(group.group().name()) : violation;
            }
        }
    }

    private void demand() {
        await(() -> group.nodes().stream().allMatch(SimNode::serves), "a group that was stopped does not start again");
        await(() -> able().stream().anyMatch(SimNode::leads), "there is no leader");
        await(() -> group.operators().open() == 0, "orders are still open");
        await(() -> members().outgoing().isEmpty(), "a change of members is not finished");
        if (world.mix().has(Fault.CHANGE_MEMBERS)) {
            replaceLost();
        }
        group.callers().close();
        await(() -> group.callers().open() == 0, "calls are still open");
        await(() -> group.nodes().stream().allMatch(SimNode::serves), "a replica that was stopped is not started");
        if (sessionsExpire()) {
            // A session may have ended while a clock jumped: the first call in it is refused, and opens another one.
            group.callers().lastCalls(able());
            group.callers().lastCommands(waiting());
            await(() -> group.callers().open() == 0, "calls are still open");
        }
        int before = group.callers().history().size();
        group.callers().lastCalls(able());
        group.callers().lastCommands(waiting());
        await(() -> group.callers().open() == 0, "calls are still open");
        for (SimCall call : group.callers()
                .history()
                .subList(before, group.callers().history().size())) {
            require(
                    call.status == SimCall.Status.OK,
                    call + " on " + call.node + " ended " + call.status + " (" + call.answer
                            + ") although nothing is wrong any more");
        }
        await(this::level, "not all replicas have applied the same");
        equal();
        if (world.mix().has(Fault.PRIORITIES)) {
            long patience = PREFERENCE_TIMEOUTS * timeout + 2 * faults;
            for (long waited = 0; waited < patience && !preferredLeads(); waited += timeout) {
                world.goOnUntil(world.now() + timeout);
            }
            require(preferredLeads(), "whoever should rather lead does not, " + patience / timeout + " T after all");
        }
    }

    /** Whether nobody who votes and is well has a higher priority than who leads. */
    private boolean preferredLeads() {
        Members members = members();
        int highest = able().stream()
                .filter(node -> members.voters().contains(node.self()))
                .mapToInt(world.leadership()::priority)
                .max()
                .orElse(0);
        return able().stream()
                .anyMatch(node -> node.leads() && world.leadership().priority(node) >= highest);
    }

    private boolean sessionsExpire() {
        return world.limits().machine().sessions().idle().compareTo(Sessions.Bounds.DEFAULT.idle()) < 0;
    }

    /**
     * Every member that has lost its disk is replaced by the node that has taken its name. The leader may be at it by
     * itself, or with what an operator had ordered: then it declines, and is asked again.
     */
    private void replaceLost() {
        group.nodes().stream().filter(SimNode::lost).forEach(this::replaceDisk);
        world.goOnUntil(world.now() + 2 * timeout);
        for (SimNode node : group.nodes()) {
            for (int tries = 1; lost(node); tries++) {
                boolean votes =
                        members().voters().stream().anyMatch(peer -> peer.node().equals(node.name()));
                Order order = votes ? new Order.ReplaceMember(node.name()) : new Order.AddMembers(List.of(node.name()));
                group.operators().give(able().get(0), order, Simulation.RECOVERY - 2);
                await(() -> group.operators().open() == 0, "an order is still open");
                SimCall ended = Objects.requireNonNull(group.operators().last());
                require(
                        ended.status == SimCall.Status.OK || tries < TRIES_MAX,
                        ended + " ended " + ended.status + " (" + ended.answer
                                + ") although nothing is wrong any more");
                world.goOnUntil(world.now() + 2 * timeout);
            }
        }
        await(() -> members().outgoing().isEmpty(), "a change of members is not finished");
    }

    /** A machine that lost its disk, or whose disk is damaged, gets an empty one. */
    private void replaceDisk(SimNode node) {
        if (node.disk().damaged()) {
            world.kill(node, "its disk is replaced", Mix.MILLI);
            node.host().wipe();
        }
    }

    private boolean lost(SimNode node) {
        return members().everyone().anyMatch(peer -> peer.node().equals(node.name()) && !peer.equals(node.self()));
    }

    /** The members as who leads sees them, or none. */
    private Members members() {
        return group.nodes().stream()
                .filter(SimNode::leads)
                .max(Comparator.comparing(
                        node -> Objects.requireNonNull(node.log()).fence()))
                .map(node -> group.witness().configurations().of(node))
                .orElse(Members.NONE);
    }

    /** The members that have their disks: a wiped or damaged one waits until somebody replaces it. */
    private List<SimNode> able() {
        Members members = members();
        return group.nodes().stream()
                .filter(node -> !node.lost())
                .filter(node -> members.everyone().anyMatch(peer -> peer.equals(node.self())))
                .toList();
    }

    /** The nodes that are no members and know the group: commands on them go to the others. */
    private List<SimNode> waiting() {
        List<SimNode> able = able();
        return group.nodes().stream()
                .filter(node -> !able.contains(node) && !node.disk().damaged())
                .toList();
    }

    /** Whether all have applied all that anyone has. */
    private boolean level() {
        long highest = able().stream().mapToLong(Recovery::last).max().orElse(0);
        return able().stream().allMatch(node -> {
            Machine<?> machine = node.machine();
            return machine != null && machine.applied().index() == highest;
        });
    }

    private static long last(SimNode node) {
        ReplicatedLog log = node.log();
        return log == null ? 0 : log.last().index();
    }

    /** State, log time and sessions are replicated: all of them must be the same. */
    private void equal() {
        Machine<?> first = null;
        for (SimNode node : able()) {
            Machine<?> own = Objects.requireNonNull(node.machine());
            first = first == null ? own : first;
            requireEqual(node, "state", own.state(), first.state());
            requireEqual(node, "time", own.time(), first.time());
            requireEqual(node, "hash of outcomes", own.chain(), first.chain());
            requireEqual(
                    node, "sessions", own.sessions().table(), first.sessions().table());
        }
    }

    private void requireEqual(SimNode node, String what, Object own, Object other) {
        require(own.equals(other), "the " + what + " of " + node.name() + " differs: " + own + " instead of " + other);
    }

    /** Goes on until it holds, at most {@link Simulation#RECOVERY} election time-outs. */
    private void await(BooleanSupplier holds, String otherwise) {
        for (int waited = 0; waited < 2 * Simulation.RECOVERY && !holds.getAsBoolean(); waited++) {
            world.goOnUntil(world.now() + timeout / 2);
        }
        require(
                holds.getAsBoolean(),
                otherwise + " " + Simulation.RECOVERY + " election time-outs after the last fault");
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw violated(otherwise);
        }
    }

    private Violation violated(String what) {
        StringBuilder nodes = new StringBuilder(what);
        for (SimNode node : group.nodes()) {
            nodes.append(System.lineSeparator()).append("  ").append(Words.of(node, world.now()));
        }
        return Invariant.LIVENESS.violatedBy(nodes.toString());
    }
}
