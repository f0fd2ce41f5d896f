package io.murmuration.core.log;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;

/** Mutable through its Log. Learners who have not said a word since they are fed may not know that they belong here. */
final class Invitations {
    private final LogState state;
    private final Replication replication;

    Invitations(LogState state, Replication replication) {
        this.state = state;
        this.replication = replication;
    }

    boolean open() {
        return !silent().isEmpty();
    }

    void send() {
        Members founded = state.tail().base().index() == 0 ? state.membersAt(0) : Members.NONE;
        silent().forEach(peer -> state.emit(new Effect.Invite(peer, founded)));
    }

    private List<Peer> silent() {
        if (state.members().learners().isEmpty()) {
            return List.of();
        }
        List<Peer> silent = new ArrayList<>();
        for (Peer learner : state.members().learners()) {
            Progress progress = replication.progress(learner);
            if (progress != null && !progress.answered()) {
                silent.add(learner);
            }
        }
        return silent;
    }
}
