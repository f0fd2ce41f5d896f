package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Image;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks what callers are told against what folds did. Mutable. The first node that folds an index says what is right
 * there; all others must do the same. Commands are told apart as objects: each call has one of its own.
 */
final class Outcomes {
    private static final int CLOSELY = 1_000;
    private static final int SELDOM = 16;

    private final Calls callers;
    private final List<Law> laws;
    private final List<@Nullable Folded> folded = new ArrayList<>();
    private final IdentityHashMap<Command<?>, SimCall> calls = new IdentityHashMap<>();
    private final Map<Long, Image<?>> taken = new HashMap<>();
    private int known;
    private final Returned start;
    private final Map<String, Returned> returned = new HashMap<>();
    private Instant time = Instant.MIN;
    private Duration elapsed = Duration.ZERO;
    private @Nullable Violation violation;

    private record Folded(Command<?> command, Meta meta, Applied<?, ?> result) {}

    /** The state that a node's Machine has last returned, and its hash then. */
    private record Returned(Object state, int hash) {
        boolean hasChanged(Object now) {
            return state == now && hash != now.hashCode();
        }
    }

    Outcomes(SimGroup group, Calls callers) {
        this.laws = group.laws();
        this.callers = callers;
        Object initial = group.machine().initial();
        this.start = new Returned(initial, initial.hashCode());
    }

    void folded(SimNode node, Command<?> command, Meta meta, Object before, Applied<?, ?> result) {
        try {
            check(node, command, meta, before, result);
        } catch (Violation found) {
            // The process may die before the failure of the fold is told.
            violation = found;
            throw found;
        }
    }

    /** Throws what was found inside of a fold, if that is not known yet. */
    void stepped() {
        if (violation != null) {
            throw violation;
        }
    }

    private void check(SimNode node, Command<?> command, Meta meta, Object before, Applied<?, ?> result) {
        requireUnchanged(node, meta.index(), before, result.state());
        int index = (int) meta.index();
        while (folded.size() <= index) {
            folded.add(null);
        }
        Folded first = folded.get(index);
        if (first == null) {
            folded.set(index, new Folded(command, meta, result));
            requireTimeGoesOn(meta);
            tookEffect(command, index);
            requireLaws(command, index, result.state());
        } else if (first.command() != command) {
            throw Invariant.STATE_MACHINE_SAFETY.violatedBy(node.name() + " folds " + command + " at index " + index
                    + ", where another node has folded " + first.command() + ".");
        } else if (!first.meta().equals(meta)) {
            throw Invariant.LOG_TIME.violatedBy(node.name() + " folds index " + index + " with " + meta
                    + ", but another node with " + first.meta() + ".");
        } else if (!isSame(first.result(), result, index)) {
            throw Invariant.SAME_STATE.violatedBy(node.name() + " folds " + command + " at index " + index + " to "
                    + result + ", but another node to " + first.result() + ".");
        }
    }

    /** A snapshot holds the state at its index, and what the log had told by then. */
    void taken(SimNode node, Image<?> image) {
        long index = image.last().index();
        if (looksClosely(index) && !stateAt(index).equals(image.state())) {
            throw Invariant.SAME_STATE.violatedBy(node.name() + " takes a snapshot at " + index + " of " + image.state()
                    + ", but the state there is " + stateAt(index) + ".");
        }
        Image<?> known = taken.putIfAbsent(index, image);
        if (known != null
                && !(known.last().equals(image.last())
                        && known.members().equals(image.members())
                        && known.time().equals(image.time())
                        && known.chain() == image.chain()
                        && known.sessions().equals(image.sessions()))) {
            throw Invariant.SAME_STATE.violatedBy(node.name() + " takes a snapshot at " + index
                    + " that differs from that of another node: " + image + " instead of " + known + ".");
        }
    }

    /** A state may be large, and is looked at by every node: after the first few indices only now and then. */
    private static boolean looksClosely(long index) {
        return index < CLOSELY || index % SELDOM == 0;
    }

    private static boolean isSame(Applied<?, ?> one, Applied<?, ?> other, long index) {
        return looksClosely(index)
                ? one.equals(other)
                : Objects.equals(one.reply(), other.reply()) && Objects.equals(one.reason(), other.reason());
    }

    /** A fold that changes the state it is given, instead of returning another one, spoils what others hold. */
    private void requireUnchanged(SimNode node, long index, Object before, Object after) {
        if (returned.getOrDefault(node.name(), start).hasChanged(before) || start.hasChanged(before)) {
            throw Invariant.STATE_IS_A_VALUE.violatedBy(node.name() + " has folded into a state that it then changed: "
                    + before + ". Return a new state, and leave the one that the fold is given as it is.");
        }
        if (looksClosely(index)) {
            returned.put(node.name(), new Returned(after, after.hashCode()));
        } else {
            returned.remove(node.name());
        }
    }

    private void requireTimeGoesOn(Meta meta) {
        boolean back = meta.time().isBefore(time) || meta.elapsed().compareTo(elapsed) < 0;
        if (back) {
            throw Invariant.LOG_TIME.violatedBy("At index " + meta.index() + " the time is " + meta.time()
                    + " (elapsed " + meta.elapsed() + "), and before it was " + time + " (elapsed " + elapsed + ").");
        }
        time = meta.time();
        elapsed = meta.elapsed();
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
            if (!holds(law, state)) {
                throw Invariant.LAW.violatedBy("\"" + law.what() + "\" is not true after " + command + " at index "
                        + index + ": " + state + ".");
            }
        }
    }

    private static boolean holds(Law law, Object state) {
        try {
            return law.holds().test(state);
        } catch (RuntimeException thrown) {
            throw Invariant.LAW.violatedBy(
                    "\"" + law.what() + "\" cannot be judged, since it throws " + thrown + " for " + state + ".");
        }
    }

    private SimCall callOf(Command<?> command) {
        List<SimCall> history = callers.history();
        for (; known < history.size(); known++) {
            SimCall call = history.get(known);
            if (call.command != null) {
                SimCall other = calls.put(call.command, call);
                if (other != null) {
                    throw new AssertionError("Callers make sure that " + call.command + " is asked once.");
                }
            }
        }
        SimCall call = calls.get(command);
        if (call == null) {
            throw Invariant.OWN_GROUP.violatedBy(command + " is folded, which nobody has asked of this group.");
        }
        return call;
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
                    + ", but when it was called index " + call.floor + " was committed.");
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
        if (!expected.equals(state)) {
            throw Invariant.TRUE_READ.violatedBy(call + " on " + call.node + " sees " + state + " at index " + applied
                    + ", but the state there is " + expected + ".");
        }
    }

    private Object stateAt(long index) {
        for (int at = (int) Math.min(index, folded.size() - 1L); at > 0; at--) {
            Folded there = folded.get(at);
            if (there != null) {
                return there.result().state();
            }
        }
        return start.state();
    }
}
