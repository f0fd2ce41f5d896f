package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which segments hold nothing any more: it is asked after each write, and looked for only when it may have changed. */
final class JournalIndexTest {
    private final JournalIndex index = new JournalIndex();

    private Segment begun(long number) {
        Segment segment = new Segment(SegmentId.of(number, 17), 100);
        index.add(segment);
        return segment;
    }

    @Test
    void newestSegmentIsNeverDeadButIsWhenAnotherOneIsBegun() {
        Segment first = begun(1);
        assertThat(index.dead()).isEmpty();
        assertThat(index.dead()).isEmpty();

        begun(2);

        assertThat(index.dead()).containsExactly(first);
    }

    @Test
    void deadSegmentIsNamedUntilItIsRemoved() {
        Segment first = begun(1);
        begun(2);

        assertThat(index.dead()).containsExactly(first);
        assertThat(index.dead()).containsExactly(first);
        index.remove(first);
        assertThat(index.dead()).isEmpty();
    }
}
