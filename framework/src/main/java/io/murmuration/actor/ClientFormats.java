package io.murmuration.actor;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Answer;
import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.ClientRpc.IsAt;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.Opened;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Outcomes;
import io.murmuration.core.model.ClientRpc.Proposal;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.Query;
import io.murmuration.core.model.ClientRpc.QueryRefused;
import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.ClientRpc.ReadReady;
import io.murmuration.core.model.ClientRpc.ReadRefused;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Refused;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.ClientRpc.Ruled;
import io.murmuration.core.model.Rpc;
import java.util.List;

/** The binary forms of what Gateways ask and are answered. Each message begins with the Gateway's life. */
final class ClientFormats {
    private static final int REPLIED = 1;
    private static final int DECLINED = 2;
    private static final int UNENCODABLE = 3;
    private static final int SESSION_UNKNOWN = 4;
    private static final int FORGOTTEN = 5;

    private static final int NOT_LEADER = 1;
    private static final int OVERLOADED = 2;
    private static final int CLOSED = 3;

    private ClientFormats() {}

    /**
     * Gateways.
     *
     * @return a form for each {@link ClientRpc}
     */
    static List<Format<? extends Rpc>> client() {
        return List.of(
                client("go", Open.class, (out, it) -> out.number(it.batch()), in -> new Open(in.uuid(), in.number())),
                client("gp", Propose.class, ClientFormats::write, ClientFormats::propose),
                client("gr", Refused.class, ClientFormats::write, ClientFormats::refused),
                client(
                        "gd",
                        Opened.class,
                        (out, it) -> out.number(it.session()),
                        in -> new Opened(in.uuid(), in.number())),
                client("gu", Outcomes.class, ClientFormats::write, ClientFormats::outcomes),
                client(
                        "ri",
                        ReadIndex.class,
                        (out, it) -> out.number(it.id()),
                        in -> new ReadIndex(in.uuid(), in.number())),
                client("rr", ReadReady.class, ClientFormats::write, ClientFormats::readReady),
                client("rx", ReadRefused.class, ClientFormats::write, ClientFormats::readRefused),
                client("cq", Query.class, ClientFormats::write, ClientFormats::query),
                client("cr", Answer.class, ClientFormats::write, ClientFormats::answer),
                client("ci", IsAt.class, (out, it) -> out.text(it.address()), in -> new IsAt(in.uuid(), in.text())),
                client("cx", QueryRefused.class, ClientFormats::write, ClientFormats::queryRefused),
                client("co", 2, Control.class, OrderFormats::write, OrderFormats::control),
                client("cd", 2, Ruled.class, OrderFormats::write, OrderFormats::ruled));
    }

    private static <T extends ClientRpc> Format<T> client(
            String manifest, Class<T> type, Format.Writer<T> behindLife, Format.Reader<T> reader) {
        return client(manifest, 1, type, behindLife, reader);
    }

    /** The life is written here, and read by each reader as the first field of its record. */
    private static <T extends ClientRpc> Format<T> client(
            String manifest, int version, Class<T> type, Format.Writer<T> behindLife, Format.Reader<T> reader) {
        return new Format<>(
                manifest,
                version,
                type,
                (out, message) -> {
                    out.uuid(message.life());
                    behindLife.write(out, message);
                },
                reader);
    }

    private static void write(Out out, Propose message) {
        out.number(message.batch());
        out.number(message.session());
        out.number(message.lowest());
        out.list(message.proposals(), (to, proposal) -> {
            to.number(proposal.serial());
            ModelFormat.write(to, proposal.command());
        });
    }

    private static Propose propose(In in) {
        return new Propose(
                in.uuid(),
                in.number(),
                in.number(),
                in.number(),
                in.list(from -> new Proposal(from.number(), ModelFormat.encoded(from))));
    }

    private static void write(Out out, Refused message) {
        out.number(message.batch());
        out.list(message.serials(), Out::number);
        out.octet(code(message.refusal()));
        out.optional(message.leader(), Out::text);
        out.flag(message.surely());
    }

    private static Refused refused(In in) {
        return new Refused(in.uuid(), in.number(), in.list(In::number), refusal(in), in.optional(In::text), in.flag());
    }

    private static void write(Out out, Outcomes message) {
        out.number(message.session());
        out.list(message.outcomes(), ClientFormats::write);
    }

    private static Outcomes outcomes(In in) {
        return new Outcomes(in.uuid(), in.number(), in.list(ClientFormats::outcome));
    }

    /** Also part of a snapshot: a change here raises the version of both. */
    static void write(Out out, Outcome outcome) {
        out.number(outcome.serial());
        out.number(outcome.index());
        write(out, outcome.reply());
    }

    static Outcome outcome(In in) {
        return new Outcome(in.number(), in.number(), reply(in));
    }

    private static void write(Out out, ReadReady message) {
        out.number(message.id());
        out.number(message.index());
    }

    private static ReadReady readReady(In in) {
        return new ReadReady(in.uuid(), in.number(), in.number());
    }

    private static void write(Out out, ReadRefused message) {
        out.number(message.id());
        out.octet(code(message.refusal()));
        out.optional(message.leader(), Out::text);
    }

    private static ReadRefused readRefused(In in) {
        return new ReadRefused(in.uuid(), in.number(), refusal(in), in.optional(In::text));
    }

    private static void write(Out out, Query message) {
        out.number(message.id());
        ModelFormat.write(out, message.query());
        out.number(message.patienceMillis());
    }

    private static Query query(In in) {
        return new Query(in.uuid(), in.number(), ModelFormat.encoded(in), in.number());
    }

    private static void write(Out out, Answer message) {
        out.number(message.id());
        out.number(message.index());
        write(out, message.reply());
    }

    private static Answer answer(In in) {
        return new Answer(in.uuid(), in.number(), in.number(), reply(in));
    }

    private static void write(Out out, QueryRefused message) {
        out.number(message.id());
        out.octet(code(message.refusal()));
        out.text(message.why());
    }

    private static QueryRefused queryRefused(In in) {
        return new QueryRefused(in.uuid(), in.number(), refusal(in), in.text());
    }

    private static void write(Out out, Reply reply) {
        if (reply instanceof Reply.Replied replied) {
            out.octet(REPLIED);
            ModelFormat.write(out, replied.value());
        } else if (reply instanceof Reply.Declined declined) {
            out.octet(DECLINED);
            out.text(declined.reason());
        } else if (reply instanceof Reply.Unencodable unencodable) {
            out.octet(UNENCODABLE);
            out.text(unencodable.why());
        } else if (reply instanceof Reply.SessionUnknown) {
            out.octet(SESSION_UNKNOWN);
        } else if (reply instanceof Reply.Forgotten) {
            out.octet(FORGOTTEN);
        } else {
            throw new IllegalArgumentException("There is no binary form for the reply " + reply + ".");
        }
    }

    private static Reply reply(In in) {
        int kind = in.octet();
        return switch (kind) {
            case REPLIED -> new Reply.Replied(ModelFormat.encoded(in));
            case DECLINED -> new Reply.Declined(in.text());
            case UNENCODABLE -> new Reply.Unencodable(in.text());
            case SESSION_UNKNOWN -> new Reply.SessionUnknown();
            case FORGOTTEN -> new Reply.Forgotten();
            default -> throw new MalformedException("The kind of reply " + kind + " is unknown.");
        };
    }

    private static int code(Refusal refusal) {
        return switch (refusal) {
            case NOT_LEADER -> NOT_LEADER;
            case OVERLOADED -> OVERLOADED;
            case CLOSED -> CLOSED;
        };
    }

    private static Refusal refusal(In in) {
        int code = in.octet();
        return switch (code) {
            case NOT_LEADER -> Refusal.NOT_LEADER;
            case OVERLOADED -> Refusal.OVERLOADED;
            case CLOSED -> Refusal.CLOSED;
            default -> throw new MalformedException("The kind of refusal " + code + " is unknown.");
        };
    }
}
