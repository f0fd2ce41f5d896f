package io.murmuration.core.apply;

/** Someone who watches what is applied. It asks, is told once, and asks again when it wants more. */
@FunctionalInterface
public interface Watcher {
    /**
     * Tells. Called by the shell, on the Machine's thread: it must only pass it on.
     *
     * @param number the number of the question; who has asked another one meanwhile ignores this
     * @param told the answer
     */
    void told(long number, Told told);
}
