package io.murmuration.testkit.sim;

import io.murmuration.machine.Command;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Callers, one call after the other each, on any node that runs: commands, reads, local reads; some are patient and
 * some give up soon. Mutable.
 */
final class Callers implements Calls {
    private static final int PATIENCE_TIMEOUTS = 10;

    private final RunningGroup world;
    private final SimRandom random;
    private final int count;
    private final int closest;
    private final Workload workload;
    private final long patience;
    private final long thinking;
    private final double reads;
    private final List<SimCall> history = new ArrayList<>();
    private final IdentityHashMap<Command<?>, Command<?>> given = new IdentityHashMap<>();
    private final @Nullable SimCall[] current;
    private boolean closing;
    private int open;

    Callers(RunningGroup world, int count, int crowd, Workload workload, SimRandom random) {
        this.world = world;
        this.count = count * crowd;
        this.closest = count;
        this.workload = workload;
        this.random = random;
        this.current = new @Nullable SimCall[this.count];
        this.patience = PATIENCE_TIMEOUTS * world.group().electionTimeout().toNanos();
        this.thinking = random.between(2 * Mix.MILLI, 200 * Mix.MILLI);
        this.reads = random.nextDouble() * 0.6;
    }

    void begin() {
        for (int caller = 0; caller < count; caller++) {
            next(caller, random.around(Mix.SECOND));
        }
    }

    /** No new calls from now on. */
    void close() {
        closing = true;
    }

    int open() {
        return open;
    }

    @Override
    public List<SimCall> history() {
        return history;
    }

    /** A last command and a last read on each node that can serve: each must succeed. */
    void lastCalls(List<SimNode> able) {
        for (SimNode node : able) {
            call(0, node, next(0), false, patience);
            call(0, node, null, false, patience);
        }
    }

    /** A last command on each node that has no replica, but knows where the group is. */
    void lastCommands(List<SimNode> waiting) {
        waiting.forEach(node -> call(0, node, next(0), false, patience));
    }

    @Override
    public void ended(SimCall call) {
        open--;
        if (current[call.caller] == call) {
            current[call.caller] = null;
            if (!closing) {
                next(call.caller, random.around(thinking));
            }
        }
    }

    private void next(int caller, long wait) {
        world.later(wait, "", () -> {
            if (!closing && world.lull()) {
                next(caller, random.around(patience / PATIENCE_TIMEOUTS));
            } else if (!closing) {
                ask(caller);
            }
        });
    }

    private void ask(int caller) {
        SimNode node = world.nodes().get(random.nextInt(world.nodes().size()));
        // One of them only reads: whoever writes waits where nothing can be committed, and would see no stale state.
        boolean read = (caller % closest == closest - 1 && closest > 1) || random.chance(reads);
        boolean local = random.chance(0.2);
        long waits = random.chance(0.1) ? random.around(patience / 50) + 1 : patience;
        if (!node.up()) {
            next(caller, 50 * Mix.MILLI);
        } else {
            call(caller, node, read ? null : next(caller), read && local, waits);
        }
    }

    /** Calls are told apart by their commands, so each has an object of its own. */
    private Command<?> next(int caller) {
        Command<?> command;
        try {
            command = workload.next(random, caller % closest);
        } catch (RuntimeException thrown) {
            throw new IllegalArgumentException("The workload throws " + thrown + " for caller " + caller + ".", thrown);
        }
        if (command == null) {
            throw new IllegalArgumentException(
                    "The workload returned null; return a command. Reads come by themselves.");
        }
        if (given.put(command, command) != null) {
            throw new IllegalArgumentException("The workload gave the same object twice (" + command
                    + "); give each call a command of its own, a new record instead of a constant.");
        }
        return command;
    }

    /** A read by somebody who does not wait for its end before the next. */
    void read(SimNode node, long waits) {
        ask(
                new SimCall(
                        history.size() + 1,
                        0,
                        node.name(),
                        null,
                        false,
                        world.now(),
                        waits,
                        world.witness().committed()),
                node);
    }

    private void call(int caller, SimNode node, @Nullable Command<?> command, boolean local, long waits) {
        // What any node knows to be committed by now, no answer may leave out: told to somebody or not.
        long floor = world.witness().committed();
        SimCall call = new SimCall(history.size() + 1, caller, node.name(), command, local, world.now(), waits, floor);
        current[caller] = call;
        ask(call, node);
    }

    private void ask(SimCall call, SimNode node) {
        history.add(call);
        open++;
        world.post(node, Actor.CALLER, Actor.GATEWAY, new Message.Asked(call, node.nanos()));
    }
}
