package io.murmuration.core.model;

import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;

/**
 * The last ballot in the order of a journal; mutable. Who writes a base does not know the ballot, and who casts ballots
 * does not know the base: only the order in which both reach the journal tells which ballot a base must carry, so that
 * neither is lost when the records before the base are deleted [A1].
 */
public final class LastBallot {
    private Ballot last;

    /**
     * Goes on after a replay.
     *
     * @param recovered the ballot that the replay found
     */
    public LastBallot(Ballot recovered) {
        this.last = recovered;
    }

    /**
     * The next record in the order of the journal.
     *
     * @param record what was handed over
     * @return what to write: the same, a base with the ballot that holds at this point
     */
    public StoreRecord next(StoreRecord record) {
        if (record instanceof BallotCast cast) {
            last = last.laterOf(cast.ballot());
        } else if (record instanceof PrefixDropped dropped) {
            return new PrefixDropped(filled(dropped.base()));
        } else if (record instanceof SnapshotInstalled installed) {
            return new SnapshotInstalled(filled(installed.base()), installed.kept());
        }
        return record;
    }

    private Base filled(Base base) {
        return new Base(base.group(), base.incarnation(), base.founded(), base.members(), last, base.last());
    }
}
