package io.murmuration.core.apply;

import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether this replica has folded what the group has folded [B10]; mutable. Each member reports what its outcomes hash
 * to at the same indices, to all others; each judges itself alone, the leader like any other. Who differs from what a
 * majority of the voters reported stops; while no value has a majority, nobody stops. A report may be lost: the next
 * one of the epoch says as much, since values are chained.
 *
 * <p>Only values of one shape are compared. While versions of the application are mixed, it is still the majority of
 * all voters that counts: who is of a shape that no majority shares is never stopped.
 *
 * <p>Bounds: {@link #OWN_MAX} indices of its own, {@link #AHEAD_MAX} indices that it has not applied yet,
 * {@link #REPORTS_MAX} reports for each.
 */
final class Agreement {
    /** So many of its own values are remembered: reports for earlier ones come too late. */
    static final int OWN_MAX = 16;
    /** So many indices that are not applied here yet are remembered, the lowest ones: they are reached first. */
    static final int AHEAD_MAX = 64;
    /** More members than any group has, and some that were. */
    static final int REPORTS_MAX = 32;

    private final String group;
    private final Peer self;
    private final long shape;
    private final long epochEntries;
    private final NavigableMap<Long, Round> rounds = new TreeMap<>();
    private long reached;
    private long origin;
    private long agreed;
    private boolean anyAgreed;
    private boolean warned;

    /** What was reported of one index. */
    private static final class Round {
        final Map<Peer, Long> values = new TreeMap<>();
        /** The members in force there; null while it is not applied here. */
        @Nullable
        Members members;

        long own;
        boolean settled;
    }

    Agreement(Blueprint<?> blueprint) {
        this.group = blueprint.group();
        this.self = blueprint.self();
        this.shape = blueprint.shape();
        this.epochEntries = blueprint.settings().epochEntries();
    }

    /** The state is one at this index, from a snapshot: what was said of an earlier one concerns nobody. */
    void restored(long index) {
        passed(index);
        origin = index;
        anyAgreed = false;
    }

    /** This replica has no value for an index that it has applied: it neither judges there nor is judged. */
    void passed(long index) {
        rounds.headMap(index, true).clear();
        reached = index;
    }

    /**
     * This replica has applied an index.
     *
     * @return why it must stop, or null
     */
    @Nullable
    Diverged own(OutcomeHash hash, Members members, List<Effect> out) {
        long index = hash.index();
        rounds.subMap(reached, false, index, false).clear();
        reached = index;
        Round round = rounds.computeIfAbsent(index, any -> new Round());
        round.own = hash.chain();
        round.members = members;
        round.values.put(self, hash.chain());
        if (rounds.headMap(index, true).size() > OWN_MAX) {
            leave(rounds.pollFirstEntry(), out);
        }
        return judge(index, round, members, out);
    }

    /**
     * A member reports.
     *
     * @return why this replica must stop, or null
     */
    @Nullable
    Diverged reported(Peer from, OutcomeHash hash, List<Effect> out) {
        long index = hash.index();
        Round round = rounds.get(index);
        if (hash.shape() != shape || from.equals(self) || (round == null && !makeRoom(index))) {
            return null;
        }
        if (round == null) {
            round = new Round();
            rounds.put(index, round);
        }
        if (round.values.size() < REPORTS_MAX || round.values.containsKey(from)) {
            round.values.put(from, hash.chain());
        }
        return round.members == null ? null : judge(index, round, round.members, out);
    }

    /** Whether a report for an index of which nothing was heard is kept. */
    private boolean makeRoom(long index) {
        if (index <= reached) {
            return false;
        }
        NavigableMap<Long, Round> ahead = rounds.tailMap(reached, false);
        if (ahead.size() >= AHEAD_MAX && index < ahead.lastKey()) {
            ahead.pollLastEntry();
        }
        return ahead.size() < AHEAD_MAX;
    }

    private @Nullable Diverged judge(long index, Round round, Members members, List<Effect> out) {
        if (round.settled) {
            return null;
        }
        for (long value : round.values.values()) {
            if (Quorum.reached(members, peer -> Objects.equals(round.values.get(peer), value))) {
                round.settled = true;
                return value == round.own ? agree(index) : diverged(index, value, round);
            }
        }
        boolean complete = members.everyone().filter(members::votes).allMatch(round.values::containsKey);
        if (complete) {
            warn(index, round, out);
        }
        return null;
    }

    private @Nullable Diverged agree(long index) {
        agreed = Math.max(agreed, index);
        anyAgreed = true;
        warned = false;
        return null;
    }

    /** No report for it is expected any more. Who is missing must not hide that the others differ. */
    private void leave(Map.Entry<Long, Round> oldest, List<Effect> out) {
        Round round = oldest.getValue();
        if (!round.settled && round.values.values().stream().distinct().count() > 1) {
            warn(oldest.getKey(), round, out);
        }
    }

    private void warn(long index, Round round, List<Effect> out) {
        Members members = round.members;
        if (warned || members == null || members.voters().isEmpty()) {
            return;
        }
        warned = true;
        out.add(new Effect.Warn(String.format(
                Locale.ROOT,
                "The members of group %s have folded differently %s, and no value is that of a majority,"
                        + " so nobody knows who is right and nobody stops: %s. %s",
                group,
                where(index),
                values(round),
                "Compare their states; a fold is not deterministic: look for the iteration order of hash collections,"
                        + " clocks and randomness in it.")));
    }

    private Diverged diverged(long index, long majority, Round round) {
        String sentence = String.format(
                Locale.ROOT,
                "This replica of group %s has folded otherwise than a majority %s: its outcomes hash to %016x, those"
                        + " of the majority to %016x (%s). %s",
                group,
                where(index),
                round.own,
                majority,
                values(round),
                "What it holds is not what the group holds, so it stops. A fold is not deterministic: look for the"
                        + " iteration order of hash collections, clocks and randomness in it; mend it and seed this"
                        + " replica anew from another member. If the fold is sound, look at this node's memory and"
                        + " disk.");
        return new Diverged(group, index, sentence);
    }

    /** Values hash what came since their epoch began, so a difference is never older than that. */
    private String where(long index) {
        long epoch = (index - 1) / epochEntries * epochEntries;
        if (anyAgreed && agreed >= epoch && agreed < index) {
            return String.format(Locale.ROOT, "after index %,d, where they agreed, and by index %,d", agreed, index);
        }
        String range = String.format(
                Locale.ROOT, "after index %,d, where all begin to compare anew, and by index %,d", epoch, index);
        return origin <= epoch
                ? range
                : String.format(
                        Locale.ROOT,
                        "%s (this replica started at index %,d and took over from a snapshot what came up to there)",
                        range,
                        origin);
    }

    private static String values(Round round) {
        return round.values.entrySet().stream()
                .map(each -> String.format(Locale.ROOT, "%s: %016x", each.getKey(), each.getValue()))
                .collect(Collectors.joining(", "));
    }
}
