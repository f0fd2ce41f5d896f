package io.murmuration;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is not as it should be.
 *
 * @param kind what sort of thing
 * @param about the node that it is about, or null if it is about the group or this node's part in it
 * @param sentence what is wrong, with the values, and what can be done
 * @since 0.1.0
 */
public record Finding(Kind kind, @Nullable String about, String sentence) {
    /** What can be wrong. */
    public enum Kind {
        /** The replica does not run on this node, or takes no part yet. */
        REPLICA_DOWN,
        /** The group's members do not name this node. */
        NOT_A_MEMBER,
        /** No leader is known here. */
        NO_LEADER,
        /** An actor of this node, its disk or its fold hangs. */
        STALLED,
        /** Entries wait for a majority. */
        NOT_COMMITTED,
        /** What is committed is not in this node's state yet. */
        NOT_APPLIED,
        /** Commands that were asked on this node wait for their outcome. */
        NOT_ANSWERED,
        /** Commands are refused for lack of room. */
        OVERLOADED,
        /** A member lacks a part of the log, or is silent. */
        MEMBER_BEHIND,
        /** The members are being changed. */
        MEMBERS_CHANGING,
        /** Leadership is being handed over. */
        HANDING_OVER
    }
}
