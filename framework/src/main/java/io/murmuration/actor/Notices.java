package io.murmuration.actor;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What is worth one line in the log, however often it is found anew. Mutable; bounded by {@link #SENTENCES_MAX}. */
final class Notices {
    /** Sentences name nodes and incarnations, which others choose: beyond this many nothing is told any more. */
    static final int SENTENCES_MAX = 100;

    private final Logger log;
    private final String who;
    private final Set<String> told = new HashSet<>();

    /**
     * Nothing has been told yet.
     *
     * @param log where to
     * @param who group and node
     */
    Notices(Logger log, String who) {
        this.log = log;
        this.who = who;
    }

    /**
     * Logs a sentence, unless it was told before.
     *
     * @param sentence what was found, or null
     * @param operator whether an operator has something to do
     */
    void tell(@Nullable String sentence, boolean operator) {
        if (sentence == null || told.size() >= SENTENCES_MAX || !told.add(sentence)) {
            return;
        }
        if (operator) {
            log.warn("[{}] {}", who, sentence);
        } else {
            log.info("[{}] {}", who, sentence);
        }
    }
}
