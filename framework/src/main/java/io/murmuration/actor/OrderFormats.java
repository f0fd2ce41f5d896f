package io.murmuration.actor;

import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.ClientRpc.Ruled;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.Ticket;

/** The binary forms of orders of operators and of what leaders say to them. */
final class OrderFormats {
    private static final int ADD = 1;
    private static final int REMOVE = 2;
    private static final int SET = 3;
    private static final int REPLACE = 4;
    private static final int HAND_OVER = 5;

    private static final int SETTLED = 1;
    private static final int UNDERWAY = 2;
    private static final int DECLINED = 3;
    private static final int NOT_LEADER = 4;
    private static final int STILL_WANTED = 5;

    private OrderFormats() {}

    static void write(Out out, Control message) {
        out.number(message.id());
        write(out, message.order());
        out.number(message.patienceMillis());
        out.optional(message.ticket(), OrderFormats::write);
    }

    static Control control(In in) {
        return new Control(in.uuid(), in.number(), order(in), in.number(), in.optional(OrderFormats::ticket));
    }

    static void write(Out out, Ruled message) {
        out.number(message.id());
        write(out, message.ruling());
        out.number(message.term());
    }

    static Ruled ruled(In in) {
        return new Ruled(in.uuid(), in.number(), ruling(in), in.number());
    }

    private static void write(Out out, Ticket ticket) {
        out.number(ticket.term());
        out.number(ticket.number());
    }

    private static Ticket ticket(In in) {
        return new Ticket(in.number(), in.number());
    }

    private static void write(Out out, Order order) {
        if (order instanceof Order.AddMembers add) {
            out.octet(ADD);
            out.list(add.nodes(), Out::text);
        } else if (order instanceof Order.RemoveMembers remove) {
            out.octet(REMOVE);
            out.list(remove.nodes(), Out::text);
        } else if (order instanceof Order.SetMembers set) {
            out.octet(SET);
            out.list(set.nodes(), Out::text);
        } else if (order instanceof Order.ReplaceMember replace) {
            out.octet(REPLACE);
            out.text(replace.node());
        } else if (order instanceof Order.HandOver handOver) {
            out.octet(HAND_OVER);
            out.optional(handOver.to(), Out::text);
        } else {
            throw new IllegalArgumentException("There is no binary form for the order " + order + ".");
        }
    }

    private static Order order(In in) {
        int kind = in.octet();
        return switch (kind) {
            case ADD -> new Order.AddMembers(in.list(In::text));
            case REMOVE -> new Order.RemoveMembers(in.list(In::text));
            case SET -> new Order.SetMembers(in.list(In::text));
            case REPLACE -> new Order.ReplaceMember(in.text());
            case HAND_OVER -> new Order.HandOver(in.optional(In::text));
            default -> throw new MalformedException("The kind of order " + kind + " is unknown.");
        };
    }

    private static void write(Out out, Ruling ruling) {
        if (ruling instanceof Ruling.Settled settled) {
            out.octet(SETTLED);
            ModelFormat.write(out, settled.members());
        } else if (ruling instanceof Ruling.Underway underway) {
            out.octet(UNDERWAY);
            out.text(underway.how());
        } else if (ruling instanceof Ruling.Declined declined) {
            out.octet(DECLINED);
            out.text(declined.why());
        } else if (ruling instanceof Ruling.NotLeader elsewhere) {
            out.octet(NOT_LEADER);
            out.optional(elsewhere.leader(), Out::text);
        } else if (ruling instanceof Ruling.StillWanted asked) {
            out.octet(STILL_WANTED);
            write(out, asked.ticket());
        } else {
            throw new IllegalArgumentException("There is no binary form for the ruling " + ruling + ".");
        }
    }

    private static Ruling ruling(In in) {
        int kind = in.octet();
        return switch (kind) {
            case SETTLED -> new Ruling.Settled(ModelFormat.members(in));
            case UNDERWAY -> new Ruling.Underway(in.text());
            case DECLINED -> new Ruling.Declined(in.text());
            case NOT_LEADER -> new Ruling.NotLeader(in.optional(In::text));
            case STILL_WANTED -> new Ruling.StillWanted(ticket(in));
            default -> throw new MalformedException("The kind of ruling " + kind + " is unknown.");
        };
    }
}
