package io.murmuration.core.election;

import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.LostPatience;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fences that were asked of Log and not yet answered. Mutable.
 *
 * <p>Each vote, pre-vote and campaign is an attempt of its own and decides on the position in its own {@code Fenced},
 * also within a term [C3]. An attempt of the current term goes to Log once that term is durable (F1); attempts of lower
 * terms are overtaken, so that terms at Log only rise.
 */
final class Fences {
    /** Attempts under way; what asks for more is lost, as any message may be. */
    private static final int ATTEMPTS_MAX = 1_024;

    /** Below every term: Log has not answered yet. */
    private static final long NOWHERE = -1;

    private static final class Attempt {
        final long term;
        final Purpose purpose;
        long askedAt;
        boolean asked;

        Attempt(long term, Purpose purpose) {
            this.term = term;
            this.purpose = purpose;
        }
    }

    private final TreeMap<Long, Attempt> attempts = new TreeMap<>();
    private long numbers;
    private long standing = NOWHERE;

    /** The number of a new attempt for the current term. {@link #ask} sends it. */
    long open(long term, Purpose purpose) {
        attempts.values().removeIf(older -> purpose.replaces(older.purpose));
        numbers++;
        if (attempts.size() < ATTEMPTS_MAX) {
            attempts.put(numbers, new Attempt(term, purpose));
        }
        return numbers;
    }

    /** Asks Log for all attempts that have waited for this durable term; for the term itself if there is none. */
    List<Effect> ask(long term, long now) {
        if (attempts.isEmpty() && standing < term) {
            open(term, new Purpose.Term());
        }
        List<Effect> fences = new ArrayList<>();
        attempts.forEach((number, attempt) -> {
            if (!attempt.asked) {
                attempt.asked = true;
                attempt.askedAt = now;
                fences.add(new Effect.Fence(term, number));
            }
        });
        return fences;
    }

    /** A higher term was adopted: all attempts under way lose their meaning, and who asked is to be answered anew. */
    List<Purpose> overtaken() {
        List<Purpose> purposes =
                attempts.values().stream().map(attempt -> attempt.purpose).toList();
        attempts.clear();
        return purposes;
    }

    /** Log answered. Empty for an attempt that was overtaken or replaced. */
    Optional<Purpose> answered(long term, long number) {
        Attempt attempt = attempts.remove(number);
        if (term < standing || (attempt != null && attempt.term != term)) {
            throw new InvariantViolation("Log answers fence " + number + " with term " + term + "; its fence stood at "
                    + standing + ", and " + (attempt == null ? "no term" : "term " + attempt.term) + " was asked for.");
        }
        standing = term;
        return Optional.ofNullable(attempt).map(answered -> answered.purpose);
    }

    /** Whether Log acknowledges nothing below this term. */
    boolean standsAt(long term) {
        return standing == term;
    }

    /** Whether an attempt of this node's own is under way: the clock alone does not overtake it. */
    boolean candidacyWaits() {
        return attempts.values().stream()
                .anyMatch(
                        attempt -> attempt.purpose instanceof Purpose.Stand || attempt.purpose instanceof Purpose.Run);
    }

    /** When {@link #checkPatience} is due. */
    long patience() {
        long earliest = Times.NEVER;
        for (Attempt attempt : attempts.values()) {
            if (attempt.asked) {
                earliest = Times.earlier(earliest, attempt.askedAt + Ballots.PATIENCE_NANOS);
            }
        }
        return earliest;
    }

    /** Stops loudly if Log no longer answers; after a pause of this whole process it is given its time anew. */
    void checkPatience(long slack, long now) {
        if (Times.missed(patience(), now, slack)) {
            attempts.values().forEach(attempt -> attempt.askedAt = now);
        } else if (Times.reached(patience(), now)) {
            throw new LostPatience("Log has not answered a fence for 60 s; the replica stops. Fences under way: "
                    + attempts.keySet() + ".");
        }
    }
}
