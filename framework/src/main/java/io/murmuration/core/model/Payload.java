package io.murmuration.core.model;

import java.util.UUID;

/** What an entry of the log is about. */
public sealed interface Payload {
    /** What a payload without bytes of its own costs, roughly. */
    int SMALL = 48;

    /**
     * The size that bounds are counted in.
     *
     * @return bytes
     */
    default int size() {
        return SMALL;
    }

    /** The entry with which a leader starts its term: once it is committed, all before it is (§8). */
    record NoOp() implements Payload {}

    /**
     * A Gateway asks for a session (thesis 6.3). The session's number is the index of this entry. A second one of the
     * same life answers with the session that the first one opened.
     *
     * @param life the random id of the Gateway's life
     * @param node the node on which the Gateway runs, where answers go
     */
    record OpenSession(UUID life, String node) implements Payload {}

    /**
     * A user's command within a session.
     *
     * @param session the session: the index of the entry that opened it
     * @param serial the command's number within the session, from 1
     * @param lowest the session's lowest unanswered serial when this was proposed: replies below it may be forgotten
     * @param command the command as its asker encoded it
     */
    record Proposed(long session, long serial, long lowest, Encoded command) implements Payload {
        @Override
        public int size() {
            return SMALL + command.size();
        }
    }

    /**
     * A change of members (§6), in force as soon as it is appended.
     *
     * @param members the members from this entry on
     */
    record MembersSet(Members members) implements Payload {
        @Override
        public int size() {
            return SMALL + SMALL * (int) members.everyone().count();
        }
    }
}
