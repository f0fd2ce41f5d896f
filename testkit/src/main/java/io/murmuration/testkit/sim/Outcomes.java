package io.murmuration.testkit.sim;

import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks what callers are told against what folds did. Mutable. The first node that folds an index says what is right
 * there; all others must do the same. Commands are told apart as objects: each call has one of its own.
 */
final class Outcomes {
    private final Calls callers;
    private final List<Law> laws;
    private final List<@Nullable Folded> folded = new ArrayList<>();
    private final IdentityHashMap<Command<?>, SimCall> calls = new IdentityHashMap<>();
    private @Nullable Object initial;
    private int known;

    private record Folded(Command<?> command, Applied<?, ?> result) {}

    Outcomes(List<Law> laws, Calls callers) {
        this.laws = laws;
        this.callers = callers;
    }

    void folded(SimNode node, Command<?> command, Meta meta, Object before, Applied<?, ?> result) {
        initial = initial == null ? before : initial;
        int index = (int) meta.index();
        while (folded.size() <= index) {
            folded.add(null);
        }
        Folded first = folded.get(index);
        if (first == null) {
            folded.set(index, new Folded(command, result));
            tookEffect(command, index);
            requireLaws(command, index, result.state());
        } else if (first.command() != command) {
            throw Invariant.STATE_MACHINE_SAFETY.violatedBy(node.name() + " folds " + command + " at index " + index
                    + ", where another node has folded " + first.command() + ".");
        } else if (!first.result().equals(result)) {
            throw Invariant.SAME_STATE.violatedBy(node.name() + " folds " + command + " at index " + index + " to "
                    + result + ", but another node to " + first.result() + ".");
        }
    }

    private void tookEffect(Command<?> command, long index) {
        SimCall call = callOf(command);
        if (call.foldedAt != 0 && call.foldedAt != index) {
            throw Invariant.EXACTLY_ONCE.violatedBy(
                    call + " took effect at index " + call.foldedAt + " and again at " + index + ".");
        }
        call.foldedAt = index;
        requireHonest(call);
    }

    private void requireLaws(Command<?> command, long index, Object state) {
        for (Law law : laws) {
            if (!law.holds().test(state)) {
                throw Invariant.LAW.violatedBy("\"" + law.what() + "\" is not true after " + command + " at index "
                        + index + ": " + state + ".");
            }
        }
    }

    private SimCall callOf(Command<?> command) {
        List<SimCall> history = callers.history();
        for (; known < history.size(); known++) {
            SimCall call = history.get(known);
            if (call.command != null) {
                SimCall other = calls.put(call.command, call);
                if (other != null) {
                    throw new IllegalArgumentException("The workload gave the same object twice (" + call.command
                            + "); give each call a command of its own.");
                }
            }
        }
        return Objects.requireNonNull(calls.get(command), "Only what was called is folded.");
    }

    private static void requireHonest(SimCall call) {
        if (call.status == SimCall.Status.FAILED && call.foldedAt != 0) {
            throw Invariant.HONEST_OUTCOME.violatedBy("Caller " + call.caller + " was told that " + call
                    + " was not applied (" + call.answer + "), but it took effect at index " + call.foldedAt + ".");
        }
    }

    void ended(SimCall call) {
        requireHonest(call);
        if (call.status != SimCall.Status.OK || call.local) {
            return;
        }
        boolean write = call.command != null;
        if (write ? call.index <= call.floor : call.index < call.floor) {
            throw Invariant.REAL_TIME.violatedBy(call + " took effect at index " + call.index
                    + ", but when it was called" + " index " + call.floor + " had been told to somebody.");
        }
        if (write) {
            requireTrue(call);
        }
    }

    private void requireTrue(SimCall call) {
        Folded at = call.index < folded.size() ? folded.get((int) call.index) : null;
        if (at == null || at.command() != call.command) {
            throw Invariant.TRUE_ANSWER.violatedBy("Caller " + call.caller + " was told that " + call
                    + " took effect at index " + call.index + ", where " + (at == null ? "nothing" : at.command())
                    + " was folded.");
        }
        Applied<?, ?> result = at.result();
        boolean same = call.answer instanceof Reply.Declined declined
                ? declined.reason().equals(result.reason())
                : Objects.equals(call.answer, result.reply());
        if (!same) {
            throw Invariant.TRUE_ANSWER.violatedBy("Caller " + call.caller + " was told " + call.answer + " for " + call
                    + ", but the fold said " + result + ".");
        }
    }

    void read(SimCall call, Object state, long applied) {
        Object expected = stateAt(applied);
        if (expected != null && !expected.equals(state)) {
            throw Invariant.TRUE_READ.violatedBy(call + " on " + call.node + " sees " + state + " at index " + applied
                    + ", but the state there is " + expected + ".");
        }
    }

    /** The state at an index, or null as long as nobody has folded anything. */
    private @Nullable Object stateAt(long index) {
        for (int at = (int) Math.min(index, folded.size() - 1L); at > 0; at--) {
            Folded there = folded.get(at);
            if (there != null) {
                return there.result().state();
            }
        }
        return initial;
    }
}
