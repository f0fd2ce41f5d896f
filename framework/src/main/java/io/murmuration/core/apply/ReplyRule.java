package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;

/**
 * What a remembered answer may cost. The bounds are constants and no settings: what is remembered is replicated state,
 * and must be the same on nodes that are configured differently.
 */
final class ReplyRule {
    /** The largest encoded reply: it must fit into Artery's frame (256 KiB by default), which drops what is larger. */
    static final int REPLY_BYTES_MAX = 131_072;

    /** The longest reason of a rejection, in characters; what is longer is cut. */
    static final int REASON_CHARS_MAX = 4_096;

    private ReplyRule() {}

    static Reply replied(Encoded value, String command) {
        if (value.size() > REPLY_BYTES_MAX) {
            return new Reply.Unencodable(
                    "The reply to " + command + " has " + value.size() + " bytes encoded, more than " + REPLY_BYTES_MAX
                            + "; reply with less, and read the rest from the state.");
        }
        return new Reply.Replied(value);
    }

    /** The words must be the same on all nodes, and no serializer promises that of its exceptions: so they are ours. */
    static Reply.Unencodable unencodable(String command) {
        return new Reply.Unencodable("No configured serializer takes the reply to " + command
                + "; reply with a record, a boxed primitive, a string or a collection of these.");
    }

    static Reply.Declined declined(String reason) {
        return new Reply.Declined(
                reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX) + "...");
    }

    /** The size that bounds are counted in. */
    static int size(Reply reply) {
        if (reply instanceof Reply.Replied replied) {
            return replied.value().size();
        }
        if (reply instanceof Reply.Declined declined) {
            return 2 * declined.reason().length();
        }
        if (reply instanceof Reply.Unencodable unencodable) {
            return 2 * unencodable.why().length();
        }
        return 0;
    }
}
