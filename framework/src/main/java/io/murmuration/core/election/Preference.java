package io.murmuration.core.election;

import io.murmuration.core.model.Peer;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether another voter should rather lead ({@code murmuration.priority}). Mutable. It must have been well, of a higher
 * priority and level for 2 T without a break. Level is whoever holds what the leader held T to 2 T ago: under load
 * nobody holds all. Votes are given without a look at priorities.
 */
final class Preference {
    private static final int STEADY_TIMEOUTS = 2;
    /** The pause doubles with each failure up to 64 times the first. */
    private static final int DOUBLINGS_MAX = 6;

    private final Desk desk;
    private long levelAt;
    private long levelNext;
    private long sampledAt;
    private @Nullable Peer steady;
    private long since;
    private int failures;
    private boolean pauses;
    private long pausesUntil;

    Preference(Desk desk, long now) {
        this.desk = desk;
        this.levelAt = Long.MAX_VALUE;
        this.levelNext = desk.pulses.last().index();
        this.sampledAt = now;
    }

    /** Who is to lead instead by now. */
    Optional<Peer> now(Collection<Standing> heard, long now) {
        if (now - sampledAt >= desk.timeout) {
            sampledAt = now;
            levelAt = levelNext;
            levelNext = desk.pulses.last().index();
        }
        Peer preferred = SuccessorRule.preferred(desk.settings.priority(), levelAt, heard)
                .orElse(null);
        if (preferred == null || !preferred.equals(steady)) {
            steady = preferred;
            since = now;
        }
        pauses = pauses && now - pausesUntil < 0;
        boolean long2T = preferred != null && !pauses && now - since >= STEADY_TIMEOUTS * desk.timeout;
        return long2T ? Optional.ofNullable(preferred) : Optional.empty();
    }

    /**
     * It did not take over: it is not asked again for a while. This is no {@link Rest}, which would keep a leader whose
     * disk stalls meanwhile from resigning.
     */
    void failed(long now) {
        pauses = true;
        pausesUntil = now + ((Rest.TIMEOUTS * desk.timeout) << failures);
        failures = Math.min(failures + 1, DOUBLINGS_MAX);
    }
}
