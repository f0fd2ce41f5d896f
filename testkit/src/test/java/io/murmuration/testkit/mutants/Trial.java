package io.murmuration.testkit.mutants;

import org.jspecify.annotations.Nullable;

/** A way to find out about a mutant. */
public interface Trial {
    /**
     * Tries once.
     *
     * @param seed decides all that is left to chance
     * @return what was found, or null if all held
     */
    @Nullable
    Finding run(long seed);
}
