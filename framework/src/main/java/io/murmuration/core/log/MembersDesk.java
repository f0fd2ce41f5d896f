package io.murmuration.core.log;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Mutable through its Log. Who belongs to the group as this Log knows, and what its leader changes about that (§6). */
public final class MembersDesk {
    private final LogState state;
    private final Supplier<@Nullable Leader> leader;

    MembersDesk(LogState state, Supplier<@Nullable Leader> leader) {
        this.state = state;
        this.leader = leader;
    }

    /**
     * The members in force.
     *
     * @return the latest in the log, committed or not
     */
    public Members inForce() {
        return state.members();
    }

    /**
     * A node has said who it is in this life of its disk: asked by {@link Effect.Identify}, or by itself.
     *
     * @param peer the node; its incarnation is durable there
     * @param at the clocks
     * @return what is to be done, in this order
     */
    public List<Effect> met(Peer peer, Moment at) {
        Leader leading = leader.get();
        if (leading != null) {
            leading.met(peer, at);
        }
        return state.takeEffects();
    }

    /**
     * What this leader is changing about the members.
     *
     * @return what it waits for, as a sentence; null if nothing is changed, or this node does not lead
     */
    public @Nullable String change() {
        Leader leading = leader.get();
        return leading == null ? null : leading.change();
    }

    /**
     * Why this node has no part in the group.
     *
     * @return a sentence if the members name it no more, or not yet, and that is committed as far as is known here
     */
    public @Nullable String whyOutside() {
        long index = state.membersIndex();
        if (state.members().contains(state.self()) || index > state.commit()) {
            return null;
        }
        return state.wasMember()
                ? String.format(
                        Locale.ROOT,
                        "This node was removed from the group at index %,d; stop it, or add it again.",
                        index)
                : "This node is no member of the group yet; it waits to be added.";
    }
}
