package io.murmuration.core.apply;

/** What a {@link Watcher} wants to know. It is answered at once or when there is an answer, and once at most. */
public sealed interface Question {
    /**
     * Who asks. A later question of the same one replaces it.
     *
     * @return the watcher
     */
    Watcher watcher();

    /**
     * Tells the question from others of the same watcher.
     *
     * @return any number
     */
    long number();

    /**
     * Where does what is to come begin? Answered by {@link Told.Changes} without changes.
     *
     * @param watcher who asks
     * @param number the question's number
     */
    record Position(Watcher watcher, long number) implements Question {}

    /**
     * What was folded from an index on? Answered by {@link Told.Changes} or {@link Told.Forgotten}.
     *
     * @param watcher who asks
     * @param number the question's number
     * @param from the first index that is wanted
     */
    record Changes(Watcher watcher, long number, long from) implements Question {}

    /**
     * What is the newest state? Answered by {@link Told.State}.
     *
     * @param watcher who asks
     * @param number the question's number
     * @param seen the index of the state that is known already; -1 if none is
     */
    record Newest(Watcher watcher, long number, long seen) implements Question {}
}
