package io.murmuration.actor;

import io.murmuration.DeclinedException;
import io.murmuration.NotAppliedException;
import io.murmuration.OutcomeUnknownException;
import io.murmuration.core.client.Effect;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Codec;

/** What callers are told: replies decoded, and failures as the exceptions that users know. */
final class Replies {
    private final String group;
    private final Codec codec;

    Replies(String group, Codec codec) {
        this.group = group;
        this.codec = codec;
    }

    /** What became of a command. */
    void command(Effect.Answer answer, Promise.Claim caller) {
        long index = answer.index();
        if (answer.reply() instanceof Reply.Replied replied) {
            decode(replied, index, caller);
        } else if (answer.reply() instanceof Reply.Declined declined) {
            caller.fail(new NotAppliedException.Rejected(declined.reason(), index));
        } else if (answer.reply() instanceof Reply.Unencodable lost) {
            caller.fail(replyLost(index, "could not be encoded on the leader: " + lost.why()));
        } else {
            throw new IllegalStateException("The client passed on " + answer.reply() + ", which is no outcome.");
        }
    }

    private void decode(Reply.Replied replied, long index, Promise.Claim caller) {
        Object value;
        try {
            value = codec.decode(replied.value());
        } catch (RuntimeException undecodable) {
            caller.fail(replyLost(index, "cannot be decoded on this node: " + undecodable.getMessage()));
            return;
        }
        caller.complete(value);
    }

    private OutcomeUnknownException.ReplyLost replyLost(long index, String what) {
        return new OutcomeUnknownException.ReplyLost(
                "The command took effect at index " + index + " of group " + group + ", but its reply " + what
                        + " Do not ask again; read the state, and mend the type of the reply.",
                index);
    }

    /** What a node answered to a query. */
    void query(Effect.QueryAnswer answer, Promise.Claim caller) {
        if (answer.reply() instanceof Reply.Replied replied) {
            Object value;
            try {
                value = codec.decode(replied.value());
            } catch (RuntimeException undecodable) {
                caller.fail(new NotAppliedException.QueryFailed("The reply to a query of group " + group
                        + " cannot be decoded on this node: " + Answering.words(undecodable)));
                return;
            }
            caller.complete(value);
        } else if (answer.reply() instanceof Reply.Declined declined) {
            caller.fail(new NotAppliedException.QueryFailed(declined.reason()));
        } else if (answer.reply() instanceof Reply.Unencodable lost) {
            caller.fail(new NotAppliedException.QueryFailed(lost.why()));
        } else {
            caller.fail(new NotAppliedException.QueryFailed("A member of group " + group + " answered a query with "
                    + answer.reply() + ", which is no answer."));
        }
    }

    /** A failure as an exception. */
    static RuntimeException exception(Effect.Fail fail) {
        String sentence = fail.sentence();
        return switch (fail.failure()) {
            case OVERLOADED -> new NotAppliedException.Overloaded(sentence, fail.retryAfter());
            case SESSION_ENDED -> new NotAppliedException.SessionEnded(sentence);
            case NO_LEADER -> new NotAppliedException.NoLeader(sentence);
            case DECLINED -> new DeclinedException(sentence);
            case CLOSED -> new NotAppliedException.Closed(sentence);
            case UNKNOWN -> new OutcomeUnknownException(sentence);
        };
    }
}
