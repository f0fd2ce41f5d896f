package io.murmuration.actor;

/** One run of a stream that watches. Told from any thread. */
interface Subscriber {
    /**
     * Nothing will come any more.
     *
     * @param why what is being stopped, as a sentence
     */
    void closed(String why);
}
