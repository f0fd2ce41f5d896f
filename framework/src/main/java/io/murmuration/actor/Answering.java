package io.murmuration.actor;

import io.murmuration.NotAppliedException;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the queries of one group are answered. Whatever the user's function throws becomes the asker's failure, and
 * nobody else's. Thread-safe as far as the functions are pure.
 */
final class Answering {
    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
    /** What is thrown may say anything; it has to fit into a message. */
    private static final int WORDS_MAX = 4_096;

    private final String group;
    private final StateMachine<Object> machine;

    /**
     * Of a group.
     *
     * @param group its name, for sentences
     * @param machine its machine, whose states it is given
     */
    @SuppressWarnings("unchecked") // the Machine of a group holds states of the machine that the group was started with
    Answering(String group, StateMachine<?> machine) {
        this.group = group;
        this.machine = (StateMachine<Object>) machine;
    }

    /** Whether there is a function for it. */
    boolean takes(Query<?> query) {
        return machine.queries().contains(SealedTypes.classOf(query));
    }

    /** What is said of one for which there is none. */
    String unknown(Query<?> query) {
        Class<?> type = SealedTypes.classOf(query);
        return "No answer for " + name(type) + " in group " + group + "; add .answering(" + type.getSimpleName()
                + ".class, ...) to its machine, on all nodes.";
    }

    /** On the Machine's thread. */
    Object answer(Object state, long index, Query<?> query) {
        try {
            return machine.answer(state, query);
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError thrown) {
            String name = name(SealedTypes.classOf(query));
            LOG.debug("[{} machine] a query failed query={} index={}", group, name, index, thrown);
            NotAppliedException.QueryFailed failed = new NotAppliedException.QueryFailed(
                    "The query " + name + " failed at index " + index + " of group " + group + ": " + words(thrown)
                            + " Mend the function that answers it: it must have an answer in every state.");
            failed.addSuppressed(thrown);
            throw failed;
        }
    }

    /** The class of what was thrown and its message, in bounds. */
    static String words(Throwable thrown) {
        String words = thrown.toString();
        String cut = words.length() <= WORDS_MAX ? words : words.substring(0, WORDS_MAX) + "...";
        return cut.endsWith(".") ? cut : cut + ".";
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }
}
