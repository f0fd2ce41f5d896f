package io.murmuration.actor;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.Payload;
import java.util.List;

/**
 * The binary form of log entries, the same on the wire and on disk. The command in an entry stays as its asker encoded
 * it.
 */
final class EntryFormat {
    private static final int NO_OP = 1;
    private static final int OPEN_SESSION = 2;
    private static final int PROPOSED = 3;
    private static final int MEMBERS_SET = 4;

    private EntryFormat() {}

    static void write(Out out, List<Entry> entries) {
        out.list(entries, EntryFormat::write);
    }

    static List<Entry> entries(In in) {
        return in.list(EntryFormat::entry);
    }

    private static void write(Out out, Entry entry) {
        ModelFormat.write(out, entry.id());
        out.signed(entry.timeMillis());
        Payload payload = entry.payload();
        if (payload instanceof Payload.Proposed proposed) {
            out.octet(PROPOSED);
            out.number(proposed.session());
            out.number(proposed.serial());
            out.number(proposed.lowest());
            ModelFormat.write(out, proposed.command());
        } else if (payload instanceof Payload.NoOp) {
            out.octet(NO_OP);
        } else if (payload instanceof Payload.OpenSession open) {
            out.octet(OPEN_SESSION);
            out.uuid(open.life());
            out.text(open.node());
        } else if (payload instanceof Payload.MembersSet set) {
            out.octet(MEMBERS_SET);
            ModelFormat.writeAll(out, set.members());
        } else {
            throw new IllegalArgumentException("There is no binary form for the payload " + payload + ".");
        }
    }

    private static Entry entry(In in) {
        return new Entry(ModelFormat.entryId(in), in.signed(), payload(in));
    }

    private static Payload payload(In in) {
        int kind = in.octet();
        return switch (kind) {
            case NO_OP -> new Payload.NoOp();
            case OPEN_SESSION -> new Payload.OpenSession(in.uuid(), in.text());
            case PROPOSED -> new Payload.Proposed(in.number(), in.number(), in.number(), ModelFormat.encoded(in));
            case MEMBERS_SET -> new Payload.MembersSet(ModelFormat.allOfMembers(in));
            default -> throw new MalformedException("The kind of payload " + kind + " is unknown.");
        };
    }
}
