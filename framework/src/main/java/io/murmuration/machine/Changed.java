package io.murmuration.machine;

import java.util.Objects;

/**
 * A command that was folded, and what came of it: the same on every node. The state is not part of it. A history of
 * states would keep each of them in memory, however many the user's own copies are; who wants the state at each index
 * folds the commands again, from a state and the index it was read at: {@code machine.apply(state, changed.command(),
 * changed.meta()).state()} is what every node had there.
 *
 * @param meta what the fold was told of the entry: its index, its term, the log's time
 * @param command the command, the very object that was folded here
 * @param outcome what the fold said to it
 * @since 0.1.0
 */
public record Changed(Meta meta, Command<?> command, Outcome outcome) {
    /** Checks that nothing is missing. */
    public Changed {
        Objects.requireNonNull(meta);
        Objects.requireNonNull(command);
        Objects.requireNonNull(outcome);
    }

    /**
     * Where in the log the command stands.
     *
     * @return the index of its entry; later changes have higher ones, though not always the next one
     */
    public long index() {
        return meta.index();
    }

    /**
     * What a fold said.
     *
     * @since 0.1.0
     */
    public sealed interface Outcome {}

    /**
     * The command was carried out.
     *
     * @param reply the reply, the very object that the fold returned here; of the type that the command promises
     * @since 0.1.0
     */
    public record Replied(Object reply) implements Outcome {
        /** Checks that there is a reply. */
        public Replied {
            Objects.requireNonNull(reply);
        }
    }

    /**
     * The fold said no ({@link Applied#rejected}). The state may have changed all the same.
     *
     * @param reason the fold's own words
     * @since 0.1.0
     */
    public record Rejected(String reason) implements Outcome {
        /** Checks that there is a reason. */
        public Rejected {
            Objects.requireNonNull(reason);
        }
    }

    /**
     * The command was carried out, but its reply is too large, or no serializer takes it, so that nobody can have it.
     *
     * @param why a sentence
     * @since 0.1.0
     */
    public record ReplyLost(String why) implements Outcome {
        /** Checks that there is a reason. */
        public ReplyLost {
            Objects.requireNonNull(why);
        }
    }
}
