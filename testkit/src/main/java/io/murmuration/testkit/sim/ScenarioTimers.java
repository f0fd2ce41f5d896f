package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The timers of all nodes. Mutable. They ring only when a script lets time pass. */
final class ScenarioTimers {
    private final List<Timer> timers = new ArrayList<>();

    /**
     * An actor's timer by its node's clock, or the founding's wish to ask again.
     *
     * @param node whose
     * @param actor who is woken
     * @param life the life that is meant: of the actor, or of the Store if the founding asks
     * @param local when, by the node's clock
     * @param asks whether the founding asks again
     */
    record Timer(SimNode node, Actor actor, long life, long local, boolean asks) {
        boolean isMeant() {
            return node.hears(actor)
                    && node.lifeOf(asks ? Actor.STORE : actor) == life
                    && (asks || node.armed(actor, local));
        }
    }

    void add(Timer timer) {
        timers.add(timer);
    }

    void take(Timer timer) {
        timers.remove(timer);
    }

    /** The process has ended. */
    void forget(SimNode node) {
        timers.removeIf(timer -> timer.node().number() == node.number());
    }

    /** The next one of any node, if it rings by then. */
    @Nullable
    Timer next(long end, long now) {
        timers.removeIf(timer -> !timer.isMeant());
        return timers.stream()
                .filter(timer -> due(timer, now) <= end)
                .min(Comparator.<Timer>comparingLong(timer -> due(timer, now))
                        .thenComparing(timer -> timer.node().number())
                        .thenComparing(Timer::actor))
                .orElse(null);
    }

    /** The next one of a node, if it rings by then, as the node's clock says. */
    @Nullable
    Timer next(SimNode node, long endOfNode) {
        timers.removeIf(timer -> !timer.isMeant());
        return timers.stream()
                .filter(timer -> timer.node().number() == node.number() && timer.local() - endOfNode <= 0)
                .min(Comparator.<Timer>comparingLong(timer -> timer.local() - node.nanos())
                        .thenComparing(Timer::actor))
                .orElse(null);
    }

    /** When it rings, in the world's time, if the node's clock does not go on alone before. */
    static long due(Timer timer, long now) {
        return timer.node().clock().when(timer.local(), now);
    }
}
