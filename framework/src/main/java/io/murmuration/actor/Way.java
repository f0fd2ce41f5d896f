package io.murmuration.actor;

/** Leads to an actor of a group on another node. What is sent may be lost, be doubled, and come late. Thread-safe. */
@FunctionalInterface
interface Way {
    /**
     * Sends without waiting.
     *
     * @param wire the message
     */
    void tell(Wire wire);
}
