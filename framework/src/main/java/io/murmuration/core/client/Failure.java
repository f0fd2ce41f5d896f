package io.murmuration.core.client;

/** In which way a request fails. All but {@link #UNKNOWN} promise that it had no effect and never will have. */
public enum Failure {
    /** A bound was reached, here or on the leader. */
    OVERLOADED,
    /** No leader took it in time. */
    NO_LEADER,
    /** The session had ended before the only copy that may have been appended was applied: it was refused. */
    SESSION_ENDED,
    /** The group is being stopped on this node, or the replica that a read needs does not run. */
    CLOSED,
    /** The leader declined an order. */
    DECLINED,
    /** A copy left and was not surely refused: the command may have taken effect, or may still do so. */
    UNKNOWN
}
