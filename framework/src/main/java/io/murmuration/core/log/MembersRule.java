package io.murmuration.core.log;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload.MembersSet;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;

/**
 * Mutable. Which members are in force (§6): "a server always uses the latest configuration in its log, regardless of
 * whether the entry is committed". So they come with the append and go with the truncation.
 */
final class MembersRule {
    /** Who, from which index on. */
    record Since(Members members, long index) {}

    /** Ascending; the first is the base and stays. */
    private final ArrayList<Since> history = new ArrayList<>();

    MembersRule(Members baseMembers, long baseIndex) {
        history.add(new Since(baseMembers, baseIndex));
    }

    Since latest() {
        return history.get(history.size() - 1);
    }

    Members inForce() {
        return latest().members();
    }

    /** Whether any members that are remembered name this peer. */
    boolean named(Peer peer) {
        return history.stream().anyMatch(since -> since.members().contains(peer));
    }

    /** Looks for changes among appended entries. */
    void appended(List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.payload() instanceof MembersSet set) {
                history.add(new Since(set.members(), entry.index()));
            }
        }
    }

    /** The members in force at an index from the base on. */
    Members at(long index) {
        int last = history.size() - 1;
        while (last > 0 && history.get(last).index() > index) {
            last--;
        }
        return history.get(last).members();
    }

    /** The base moves up: what was in force there is the base's. */
    void dropTo(long index) {
        Members members = at(index);
        history.removeIf(since -> since.index() <= index);
        history.add(0, new Since(members, index));
    }

    /** A snapshot stands for everything up to this index; what the entries behind it have set stays. */
    void restart(Members members, long index) {
        history.removeIf(since -> since.index() <= index);
        history.add(0, new Since(members, index));
    }

    /** Forgets what the entries from this index on had set. */
    void truncated(long from) {
        while (history.size() > 1 && latest().index() >= from) {
            history.remove(history.size() - 1);
        }
    }
}
