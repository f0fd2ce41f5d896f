package io.murmuration.tool;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.StoreRecord;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;

/** Prints entries and records for programs: one JSON object in a line. */
final class JsonLines implements EntryWalk.Sink {
    private final PrintWriter out;
    private final CommandReader commands;
    private final Bytes bytes;

    /** How a command's bytes are shown. */
    enum Bytes {
        /** In hexadecimal, the first ones, if it cannot be decoded. */
        SHORT,
        /** All of them, in base 64. */
        WHOLE
    }

    JsonLines(PrintWriter out, CommandReader commands, Bytes bytes) {
        this.out = out;
        this.commands = commands;
        this.bytes = bytes;
    }

    @Override
    public void entry(Entry entry, EntryWalk.Standing standing) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("index", entry.index());
        line.put("term", entry.term());
        line.put("time", Instant.ofEpochMilli(entry.timeMillis()).toString());
        if (standing != EntryWalk.Standing.IN_THE_LOG) {
            line.put("standing", standing.name().toLowerCase(Locale.ROOT));
        }
        put(line, entry.payload());
        out.println(line);
    }

    private void put(ObjectNode line, Payload payload) {
        if (payload instanceof Payload.Proposed proposed) {
            line.put("type", "command");
            line.put("session", proposed.session());
            line.put("serial", proposed.serial());
            line.put("lowest", proposed.lowest());
            put(line, proposed.command());
        } else if (payload instanceof Payload.OpenSession open) {
            line.put("type", "session");
            line.put("node", open.node());
            line.put("life", open.life().toString());
        } else if (payload instanceof Payload.MembersSet set) {
            line.put("type", "members");
            line.set("members", Json.of(set.members()));
        } else {
            line.put("type", "no-op");
        }
    }

    private void put(ObjectNode line, Encoded command) {
        line.put("serializer", command.serializer());
        line.put("manifest", command.manifest());
        line.put("bytes", command.bytes().length);
        CommandReader.Shown shown = commands.read(command);
        if (bytes == Bytes.WHOLE) {
            line.put("payload", command.bytes());
        } else if (shown.text() == null) {
            line.put("hex", CommandReader.hex(command.bytes()));
        }
        if (shown.text() != null) {
            line.put("command", shown.text());
        }
        if (shown.json() != null) {
            line.set("json", shown.json());
        }
        if (shown.why() != null) {
            line.put("undecoded", shown.why());
        }
    }

    @Override
    public void record(long sequenceNr, long timeMillis, StoreRecord record) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("record", sequenceNr);
        if (timeMillis != 0) {
            line.put("time", Instant.ofEpochMilli(timeMillis).toString());
        }
        Json.put(line, record);
        out.println(line);
    }

    @Override
    public void truncated(long sequenceNr, long index) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        out.println(line.put("record", sequenceNr).put("type", "truncation").put("from", index));
    }

    @Override
    public void unreadable(long sequenceNr, String why) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        out.println(line.put("record", sequenceNr).put("type", "unreadable").put("why", why));
    }
}
