package io.murmuration.core.apply;

import io.murmuration.machine.Changed;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those who watch what a {@link Machine} folds; mutable. Each asks for what comes next and is told at once, or when
 * something has been folded. So a slow watcher is one that does not ask: it costs nothing here, nothing is buffered for
 * it, and nobody waits for it. Without a question there is no work.
 *
 * <p>Bounds: one question of each watcher; {@link #BATCH_MAX} commands and about {@link #BATCH_BYTES} in an answer.
 */
public final class Watches {
    /** The most commands in one answer. */
    static final int BATCH_MAX = 64;

    /** An answer that has reached this size gets no further command. */
    static final long BATCH_BYTES = 256 << 10;

    private final Folded<?> folded;
    private final Map<Watcher, Question> waiting = new LinkedHashMap<>();
    private boolean hasState = true;

    Watches(Folded<?> folded) {
        this.folded = folded;
    }

    /** There is no state: who asks waits until it has been taken over. */
    void awaitState() {
        hasState = false;
    }

    /** There is a state, whatever was before. */
    void stateArrived() {
        hasState = true;
    }

    /**
     * A watcher asks.
     *
     * @param question the question, in place of an earlier one of the same watcher
     * @return what to do
     */
    public List<Effect> ask(Question question) {
        waiting.remove(question.watcher());
        Told told = hasState ? answer(question) : null;
        if (told != null) {
            return List.of(new Effect.Watched(question.watcher(), question.number(), told));
        }
        waiting.put(question.watcher(), question);
        return List.of();
    }

    /**
     * A watcher has gone.
     *
     * @param watcher who
     */
    public void leave(Watcher watcher) {
        waiting.remove(watcher);
    }

    /** Whether those who wait must be told before more is folded: else what they wait for might be forgotten. */
    boolean mustBeTold() {
        return !waiting.isEmpty() && folded.history().movesOn();
    }

    /** What has been folded is told to those who wait for it. */
    void tell(List<Effect> effects) {
        folded.history().told();
        for (Iterator<Question> each = waiting.values().iterator(); each.hasNext(); ) {
            Question question = each.next();
            Told told = answer(question);
            if (told != null) {
                each.remove();
                effects.add(new Effect.Watched(question.watcher(), question.number(), told));
            }
        }
    }

    private @Nullable Told answer(Question question) {
        if (question instanceof Question.Changes changes) {
            return changes(changes.from());
        }
        long applied = folded.applied().index();
        if (question instanceof Question.Newest newest) {
            return folded.history().newest() > newest.seen() ? new Told.State(folded.state(), applied) : null;
        }
        return new Told.Changes(new ArrayList<>(0), applied + 1);
    }

    private @Nullable Told changes(long from) {
        History history = folded.history();
        if (from < history.oldest()) {
            return new Told.Forgotten(from, history.oldest(), history.folded(from));
        }
        List<Changed> batch = history.from(from, BATCH_MAX, BATCH_BYTES);
        return batch.isEmpty()
                ? null
                : new Told.Changes(batch, batch.get(batch.size() - 1).index() + 1);
    }
}
