package io.murmuration.actor;

import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.core.model.StoreRecord.Founded;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.Prepared;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import java.util.List;

/** The binary forms of what a replica makes durable. They stay readable for as long as a journal may hold them. */
final class RecordFormats {
    private RecordFormats() {}

    /**
     * Stored records.
     *
     * @return a form for each {@link StoreRecord}
     */
    static List<Format<? extends StoreRecord>> records() {
        return List.of(
                Format.first(
                        "p",
                        Prepared.class,
                        (out, prepared) -> out.uuid(prepared.incarnation()),
                        in -> new Prepared(in.uuid())),
                Format.first("f", Founded.class, RecordFormats::write, RecordFormats::founded),
                Format.first(
                        "b",
                        BallotCast.class,
                        (out, cast) -> ModelFormat.write(out, cast.ballot()),
                        in -> new BallotCast(ModelFormat.ballot(in))),
                new Format<>(
                        "e",
                        2,
                        EntriesAppended.class,
                        (out, appended) -> EntryFormat.write(out, appended.entries()),
                        in -> new EntriesAppended(EntryFormat.entries(in))),
                new Format<>(
                        "d",
                        2,
                        PrefixDropped.class,
                        (out, dropped) -> write(out, dropped.base()),
                        in -> new PrefixDropped(base(in))),
                new Format<>("s", 2, SnapshotInstalled.class, RecordFormats::write, RecordFormats::installed));
    }

    private static void write(Out out, Founded founded) {
        out.uuid(founded.group());
        ModelFormat.write(out, founded.members());
    }

    private static Founded founded(In in) {
        return new Founded(in.uuid(), ModelFormat.members(in));
    }

    private static void write(Out out, SnapshotInstalled installed) {
        write(out, installed.base());
        out.optional(installed.kept(), ModelFormat::write);
    }

    private static SnapshotInstalled installed(In in) {
        return new SnapshotInstalled(base(in), in.optional(ModelFormat::entryId));
    }

    private static void write(Out out, Base base) {
        out.uuid(base.group());
        out.uuid(base.incarnation());
        ModelFormat.writeAll(out, base.members());
        ModelFormat.write(out, base.ballot());
        ModelFormat.write(out, base.last());
    }

    private static Base base(In in) {
        return new Base(
                in.uuid(), in.uuid(), ModelFormat.allOfMembers(in), ModelFormat.ballot(in), ModelFormat.entryId(in));
    }
}
