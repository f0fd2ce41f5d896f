package io.murmuration.core.model;

import org.jspecify.annotations.Nullable;

/**
 * What Election and Log of a leading replica say to each other while leadership is handed over (thesis 3.10). Election
 * knows who is heard and well, Log who holds how much of the log; neither knows the other's part.
 */
public sealed interface HandOverStep {
    /**
     * Log asks: who is to take over? Election answers {@link Chosen} or {@link Nobody}.
     *
     * @param to the name of a voter, or null for the best suited
     */
    record Wanted(@Nullable String to) implements HandOverStep {}

    /**
     * Election says: bring this voter's log level with the own one, holding back proposals. Log answers {@link Level}
     * or {@link GivenUp}.
     *
     * @param to who is to take over
     */
    record Chosen(Peer to) implements HandOverStep {}

    /**
     * Election says: nobody takes over.
     *
     * @param why a full sentence with the way out
     */
    record Nobody(String why) implements HandOverStep {}

    /**
     * Log says: it holds all that there is, so that it wins whoever else votes. Election has it campaign.
     *
     * @param to who is to take over
     */
    record Level(Peer to) implements HandOverStep {}

    /** Log says: it takes proposals again, and this node leads on. */
    record GivenUp() implements HandOverStep {}
}
