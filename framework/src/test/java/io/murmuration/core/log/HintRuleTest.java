package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HintRuleTest {
    @Test
    void hintsTheEndOfAShortLog() {
        LogTail tail = Logs.tail(EntryId.NONE, entries(1, 1, 1, 2));

        assertThat(HintRule.hint(tail, 0, id(9, 4))).isEqualTo(id(3, 2));
    }

    @Test
    void hintsTheFirstIndexOfTheConflictingTerm() {
        LogTail tail = Logs.tail(EntryId.NONE, entries(1, 1, 2, 2, 2, 3));

        assertThat(HintRule.hint(tail, 0, id(4, 4))).isEqualTo(id(2, 2));
        assertThat(HintRule.hint(tail, 0, id(5, 4))).isEqualTo(id(5, 3));
    }

    @Test
    void neverHintsBelowTheCommitIndex() {
        LogTail tail = Logs.tail(EntryId.NONE, entries(1, 2, 2, 2, 2, 2));

        assertThat(HintRule.hint(tail, 3, id(5, 4))).isEqualTo(id(3, 2));
        assertThat(HintRule.hint(tail, 5, id(6, 4))).isEqualTo(id(5, 2));
    }

    @Test
    void goesToTheLastEntryOfATermThatTheLeaderHasToo() {
        LogTail leader = Logs.tail(EntryId.NONE, entries(1, 1, 2, 2, 5, 5, 5));

        // The follower holds term 2 from index 2 to 6.
        assertThat(HintRule.previous(leader, 6, id(2, 2))).isEqualTo(3);
    }

    @Test
    void skipsATermThatTheLeaderLacks() {
        LogTail leader = Logs.tail(EntryId.NONE, entries(1, 1, 1, 1, 5, 5, 5));

        assertThat(HintRule.previous(leader, 6, id(3, 4))).isEqualTo(2);
    }

    @Test
    void goesToTheEndOfAShortLogThatIsEqual() {
        LogTail leader = Logs.tail(EntryId.NONE, entries(1, 1, 1, 1, 1, 1, 1));

        assertThat(HintRule.previous(leader, 6, id(2, 1))).isEqualTo(2);
    }

    @Test
    void neverGoesBelowTheLeadersBase() {
        LogTail leader = Logs.tail(id(4, 2), entries(5, 2, 3, 3));

        assertThat(HintRule.previous(leader, 7, id(1, 1))).isEqualTo(4);
        assertThat(HintRule.previous(leader, 4, id(1, 1))).isEqualTo(4);
    }

    /**
     * Two logs that one past of many leaders can leave, however long: the search ends where they part, in few messages.
     */
    @Test
    void findsTheEndOfTheCommonPrefixInMessagesBoundedByTerms() {
        for (int seed = 1; seed <= 3_000; seed++) {
            Random random = new Random(seed);
            List<Entry> common = new ArrayList<>();
            grow(common, random, 0, 5);
            List<Entry> one = new ArrayList<>(common);
            List<Entry> other = new ArrayList<>(common);
            // Terms that only one of both holds: a term has one leader, and its log is a prefix of what others hold of
            // it.
            grow(one, random, 2, 12);
            grow(other, random, 3, 12);
            long shared = common.size();
            LogTail leader = Logs.tail(EntryId.NONE, List.copyOf(one));
            LogTail follower = Logs.tail(EntryId.NONE, List.copyOf(other));

            long previous = leader.lastIndex();
            int messages = 1;
            while (!AppendRule.matches(follower, 0, leader.id(previous))) {
                EntryId hint = HintRule.hint(follower, 0, leader.id(previous));
                long next = HintRule.previous(leader, previous, hint);
                assertThat(next).as("seed %s: progress", seed).isLessThan(previous);
                assertThat(next).as("seed %s: not too far", seed).isGreaterThanOrEqualTo(shared);
                previous = next;
                messages++;
            }

            long terms = other.stream().mapToLong(Entry::term).distinct().count();
            assertThat(messages).as("seed %s", seed).isLessThanOrEqualTo((int) (2 * terms + 2));
        }
    }

    private static void grow(List<Entry> log, Random random, int parity, int runs) {
        long term = log.isEmpty() ? 0 : log.get(log.size() - 1).term();
        for (int run = random.nextInt(runs + 1); run > 0; run--) {
            term += 1 + random.nextInt(3);
            // Terms of different parity belong to different leaders; 0 stands for the common past.
            while (parity != 0 && term % 2 != parity % 2) {
                term++;
            }
            for (int length = 1 + random.nextInt(30); length > 0; length--) {
                log.add(Logs.entry(log.size() + 1L, term));
            }
        }
    }
}
