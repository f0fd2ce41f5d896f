package io.murmuration.tool;

import io.murmuration.core.model.Entry;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.StoreRecord;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;

/** Prints entries and records for people, one in a line. */
final class TextLines implements EntryWalk.Sink {
    private final PrintWriter out;
    private final CommandReader commands;

    TextLines(PrintWriter out, CommandReader commands) {
        this.out = out;
        this.commands = commands;
    }

    @Override
    public void entry(Entry entry, EntryWalk.Standing standing) {
        String remark = standing == EntryWalk.Standing.IN_THE_LOG
                ? ""
                : "  (" + standing.name().toLowerCase(Locale.ROOT) + ")";
        out.println(entry.index() + "  term " + entry.term() + "  " + Instant.ofEpochMilli(entry.timeMillis()) + "  "
                + words(entry.payload()) + remark);
    }

    private String words(Payload payload) {
        if (payload instanceof Payload.Proposed proposed) {
            CommandReader.Shown shown = commands.read(proposed.command());
            String text = shown.text();
            return "command  session " + proposed.session() + " serial " + proposed.serial() + "  "
                    + (text != null
                            ? text
                            : proposed.command().manifest() + " (serializer "
                                    + proposed.command().serializer() + ") "
                                    + CommandReader.hex(proposed.command().bytes()));
        }
        if (payload instanceof Payload.OpenSession open) {
            return "session  opened by " + open.node() + "  life " + open.life();
        }
        if (payload instanceof Payload.MembersSet set) {
            return "members  " + Words.of(set.members());
        }
        return "no-op";
    }

    @Override
    public void record(long sequenceNr, long timeMillis, StoreRecord record) {
        String time = timeMillis == 0 ? "" : "  " + Instant.ofEpochMilli(timeMillis);
        out.println(at(sequenceNr) + time + "  " + Words.of(record));
    }

    @Override
    public void truncated(long sequenceNr, long index) {
        out.println(at(sequenceNr) + "  truncation  the log from index " + index + " on is replaced");
    }

    @Override
    public void unreadable(long sequenceNr, String why) {
        out.println(at(sequenceNr) + "  unreadable  " + why);
    }

    private static String at(long sequenceNr) {
        return "record " + sequenceNr;
    }
}
