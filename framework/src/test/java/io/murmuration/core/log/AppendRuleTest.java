package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.InvariantViolation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppendRuleTest {
    /** Compacted up to 3@1, then 4@1 5@2 6@2 7@3; commit 5. */
    private final LogTail tail = Logs.tail(id(3, 1), entries(4, 1, 2, 2, 3));

    @ParameterizedTest(name = "previous {0}@{1}: {2}")
    @CsvSource({
        "1, 1, true", // inside the compacted prefix
        "1, 9, true", // inside it nothing can be compared, and all of it is committed
        "3, 1, true", // the base itself
        "4, 1, true",
        "5, 2, true", // the commit index
        "6, 2, true",
        "6, 1, false",
        "6, 3, false",
        "7, 3, true",
        "7, 2, false",
        "8, 3, false", // too short
        "99, 3, false",
    })
    void matchesWhereIndexAndTermAgree(long index, long term, boolean matches) {
        assertThat(AppendRule.matches(tail, 5, id(index, term))).isEqualTo(matches);
    }

    @ParameterizedTest(name = "previous {0}@{1}")
    @CsvSource({"3, 2", "4, 2", "5, 1", "5, 3"})
    void refusesALeaderThatContradictsTheCommitIndex(long index, long term) {
        assertThatThrownBy(() -> AppendRule.matches(tail, 5, id(index, term))).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void lacksNothingOfAStaleOrShortMessage() {
        assertThat(AppendRule.firstLacking(tail, 5, List.of())).isZero();
        assertThat(AppendRule.firstLacking(tail, 5, entries(4, 1, 2))).isEqualTo(2);
        assertThat(AppendRule.firstLacking(tail, 5, entries(2, 1, 1, 1))).isEqualTo(3);
    }

    @Test
    void findsTheFirstNewEntry() {
        assertThat(AppendRule.firstLacking(tail, 5, entries(8, 3))).isZero();
        assertThat(AppendRule.firstLacking(tail, 5, entries(6, 2, 3, 3))).isEqualTo(2);
        assertThat(AppendRule.firstLacking(tail, 5, entries(1, 1, 1, 1, 1, 2, 2, 3, 4)))
                .isEqualTo(7);
    }

    @Test
    void findsTheFirstConflict() {
        assertThat(AppendRule.firstLacking(tail, 5, entries(6, 4))).isZero();
        assertThat(AppendRule.firstLacking(tail, 5, entries(5, 2, 2, 4, 4))).isEqualTo(2);
    }

    @Test
    void neverReplacesAtOrBelowTheCommitIndex() {
        assertThatThrownBy(() -> AppendRule.firstLacking(tail, 5, entries(5, 4)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("5@4 would replace the committed 5@2");
        assertThatThrownBy(() -> AppendRule.firstLacking(tail, 5, entries(4, 2, 2)))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void takesOnlyEntriesThatFollowEachOther() {
        EntryId previous = id(3, 1);
        List<Entry> gap = List.of(Logs.entry(4, 1), Logs.entry(6, 1));

        assertThat(AppendRule.wellFormed(previous, entries(4, 1, 2, 2), 2)).isTrue();
        assertThat(AppendRule.wellFormed(previous, List.of(), 2)).isTrue();
        assertThat(AppendRule.wellFormed(previous, gap, 2)).isFalse();
        assertThat(AppendRule.wellFormed(previous, entries(5, 1), 2)).isFalse();
        assertThat(AppendRule.wellFormed(previous, entries(4, 2, 1), 2)).isFalse();
        assertThat(AppendRule.wellFormed(previous, entries(4, 3), 2)).isFalse();
        assertThat(AppendRule.wellFormed(id(3, 3), List.of(), 2)).isFalse();
    }
}
