package io.murmuration.core.apply;

/**
 * A committed command cannot be folded on this node: it cannot be decoded, or its fold threw. The replica that sees it
 * stops; the entry is never skipped, since a replica that skips what others carry out is no replica any more.
 */
public final class FoldFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String group;
    private final long index;
    private final String command;

    /**
     * Says where and what.
     *
     * @param group the group's name
     * @param index the entry's index
     * @param command the class of the command, or the manifest under which it was encoded
     * @param what what went wrong, as the middle of a sentence
     * @param cause what was thrown
     */
    FoldFailed(String group, long index, String command, String what, Throwable cause) {
        super(
                "Group " + group + ": the command " + command + " at index " + index + " " + what + ": " + cause
                        + ". A committed entry is never skipped, so this replica stops;"
                        + " deploy a version that can fold it.",
                cause);
        this.group = group;
        this.index = index;
        this.command = command;
    }

    /**
     * Whose command.
     *
     * @return the group's name
     */
    public String group() {
        return group;
    }

    /**
     * Which entry.
     *
     * @return its index
     */
    public long index() {
        return index;
    }

    /**
     * Which command.
     *
     * @return its class, or the manifest under which it was encoded
     */
    public String command() {
        return command;
    }
}
