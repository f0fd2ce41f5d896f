package io.murmuration.testkit.sim;

import io.murmuration.core.model.LostPatience;
import org.jspecify.annotations.Nullable;

/** What to think of an exception in a step of the world. */
final class Thrown {
    private Thrown() {}

    /**
     * A replica that has waited too long for an actor of its own stops loudly; all else that is thrown is a finding.
     */
    static void judge(Simulation world, @Nullable SimNode node, RuntimeException thrown) {
        if (node == null) {
            throw thrown;
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Violation violation) {
                // Whoever watches a fold is inside of it, so what it finds comes as a failure of the fold.
                throw violation;
            }
        }
        if (!(thrown instanceof LostPatience)) {
            throw new Violation("CORE", String.valueOf(thrown.getMessage()), thrown);
        }
        world.trace(node.name() + " stops its replica: " + thrown.getMessage());
        node.stopReplica(String.valueOf(thrown.getMessage()));
    }
}
