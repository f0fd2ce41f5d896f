package io.murmuration.tool;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.core.model.StoreRecord.Founded;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.Prepared;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.List;
import java.util.stream.Collectors;

/** The model in words for people. */
final class Words {
    private Words() {}

    static String of(Ballot ballot) {
        Peer candidate = ballot.votedFor();
        return "term " + ballot.term() + ", " + (candidate == null ? "no vote" : "voted for " + candidate);
    }

    static String of(Members members) {
        String text = "voters " + of(members.voters());
        text += members.outgoing().isEmpty() ? "" : ", leaving " + of(members.outgoing());
        return text + (members.learners().isEmpty() ? "" : ", learners " + of(members.learners()));
    }

    private static String of(List<Peer> peers) {
        return peers.isEmpty() ? "none" : peers.stream().map(Peer::toString).collect(Collectors.joining(" "));
    }

    static String of(StoreRecord record) {
        if (record instanceof BallotCast cast) {
            return "ballot  " + of(cast.ballot());
        }
        if (record instanceof Prepared prepared) {
            return "prepared  incarnation " + prepared.incarnation();
        }
        if (record instanceof Founded founded) {
            return "founded  group " + founded.group() + "  " + of(founded.members());
        }
        if (record instanceof PrefixDropped dropped) {
            return "base  a snapshot includes everything up to " + of(dropped.base());
        }
        if (record instanceof SnapshotInstalled installed) {
            EntryId kept = installed.kept();
            return "snapshot  another node's was installed; the log begins behind " + of(installed.base())
                    + (kept == null ? "" : ", and entries up to " + kept + " were kept");
        }
        return "entries  "
                + (record instanceof EntriesAppended appended
                        ? appended.first() + " to " + appended.last()
                        : record.getClass().getSimpleName());
    }

    private static String of(Base base) {
        return base.last() + "  " + of(base.members()) + "  " + of(base.ballot());
    }
}
