package io.murmuration.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LastBallotTest {
    private static final EntryId LAST = new EntryId(4, 2);

    private static Base base(Ballot ballot) {
        return new Base(
                new UUID(1, 1),
                new UUID(2, 2),
                Members.voting(List.of(new Peer("n2", new UUID(3, 3)))),
                Members.NONE,
                ballot,
                LAST);
    }

    @Test
    void fillsTheLastBallotIntoABase() {
        Ballot recovered = new Ballot(3, null);
        Ballot later = new Ballot(5, new Peer("n2", new UUID(3, 3)));
        LastBallot order = new LastBallot(recovered);

        assertThat(order.next(new PrefixDropped(base(Ballot.NONE)))).isEqualTo(new PrefixDropped(base(recovered)));
        assertThat(order.next(new BallotCast(later))).isEqualTo(new BallotCast(later));
        assertThat(order.next(new SnapshotInstalled(base(recovered), LAST)))
                .isEqualTo(new SnapshotInstalled(base(later), LAST));
    }

    @Test
    void neverGoesBack() {
        Ballot later = new Ballot(5, null);
        LastBallot order = new LastBallot(later);

        order.next(new BallotCast(new Ballot(4, null)));

        assertThat(order.next(new PrefixDropped(base(Ballot.NONE)))).isEqualTo(new PrefixDropped(base(later)));
    }
}
