package io.murmuration.core.election;

import io.murmuration.core.model.EntryId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A naive Log for {@link ElectionModel}: it keeps the fence (F2), leads when told, sends its whole log in each message,
 * and commits its own term's entries when a majority holds them. What it holds is durable at once.
 */
final class ModelLog {
    /** The whole log of a leader; the term of each entry. */
    record Append(String leader, long term, List<Long> terms) {}

    /** What one message or order leads to. */
    record Outcome(
            @Nullable Long termSeen,
            @Nullable String leaderHeard,
            @Nullable Long acknowledged) {
        static final Outcome NOTHING = new Outcome(null, null, null);
    }

    final List<Long> terms;
    long fence = -1;
    long leading = -1;
    private final TreeMap<String, Integer> matched = new TreeMap<>();
    private @Nullable Append held;

    ModelLog(List<Long> durable) {
        this.terms = new ArrayList<>(durable);
    }

    EntryId last() {
        return terms.isEmpty() ? EntryId.NONE : new EntryId(terms.size(), terms.get(terms.size() - 1));
    }

    Outcome fence(long term) {
        fence = term;
        if (leading < term) {
            leading = -1;
        }
        Append waiting = held;
        if (waiting != null && waiting.term() <= term) {
            held = null;
            return append(waiting);
        }
        return Outcome.NOTHING;
    }

    boolean lead(long term) {
        if (term != fence) {
            return false;
        }
        leading = term;
        matched.clear();
        terms.add(term);
        return true;
    }

    Outcome append(Append message) {
        if (fence < 0) {
            return Outcome.NOTHING;
        }
        if (message.term() > fence) {
            held = message;
            return new Outcome(message.term(), null, null);
        }
        if (message.term() < fence) {
            return Outcome.NOTHING;
        }
        List<Long> theirs = message.terms();
        int same = 0;
        while (same < Math.min(theirs.size(), terms.size()) && theirs.get(same).equals(terms.get(same))) {
            same++;
        }
        if (same < theirs.size()) {
            terms.subList(same, terms.size()).clear();
            terms.addAll(theirs.subList(same, theirs.size()));
        }
        return new Outcome(null, message.leader(), (long) theirs.size());
    }

    /** A follower holds the leader's log up to an index; returns what is committed now. */
    int acknowledged(String follower, long term, int index, int majority) {
        if (leading < 0 || term != leading) {
            return 0;
        }
        matched.merge(follower, index, Math::max);
        for (int candidate = terms.size(); candidate > 0 && terms.get(candidate - 1) == leading; candidate--) {
            int end = candidate;
            long holding =
                    1 + matched.values().stream().filter(match -> match >= end).count();
            if (holding >= majority) {
                return candidate;
            }
        }
        return 0;
    }
}
