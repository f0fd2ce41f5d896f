package io.murmuration.actor;

import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import io.murmuration.core.model.LogRpc.Mismatched;
import io.murmuration.core.model.LogRpc.Outdated;
import io.murmuration.core.model.LogRpc.SnapshotOffer;
import io.murmuration.core.model.MachineRpc;
import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.SnapshotRpc;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.SnapshotRpc.SnapshotArrived;
import io.murmuration.core.model.SnapshotRpc.SnapshotChunk;
import io.murmuration.core.model.SnapshotRpc.SnapshotGone;
import io.murmuration.core.model.SnapshotRpc.SnapshotHeld;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.SnapshotRpc.SnapshotPull;
import io.murmuration.core.model.SnapshotRpc.SnapshotWanted;
import java.util.List;

/** The binary forms of what Logs say to each other, and of snapshots under way. */
final class LogFormats {
    private LogFormats() {}

    /**
     * Logs.
     *
     * @return a form for each {@link LogRpc}
     */
    static List<Format<? extends Rpc>> log() {
        return List.of(
                new Format<>("ae", 2, AppendEntries.class, LogFormats::write, LogFormats::appendEntries),
                Format.first("am", Matched.class, LogFormats::write, LogFormats::matched),
                Format.first("ax", Mismatched.class, LogFormats::write, LogFormats::mismatched),
                Format.first("ao", Outdated.class, LogFormats::write, LogFormats::outdated),
                Format.first("so", SnapshotOffer.class, LogFormats::write, LogFormats::offer));
    }

    /**
     * Machines.
     *
     * @return a form for each {@link MachineRpc}
     */
    static List<Format<? extends Rpc>> machine() {
        return List.of(Format.first(
                "mh",
                OutcomeHash.class,
                (out, hash) -> {
                    out.number(hash.index());
                    out.fixed(hash.shape());
                    out.fixed(hash.chain());
                },
                in -> new OutcomeHash(in.number(), in.fixed(), in.fixed())));
    }

    /**
     * Snapshots.
     *
     * @return a form for each {@link SnapshotRpc}
     */
    static List<Format<? extends Rpc>> snapshot() {
        return List.of(
                Format.first(
                        "sw",
                        SnapshotWanted.class,
                        (out, wanted) -> out.number(wanted.index()),
                        in -> new SnapshotWanted(in.number())),
                Format.first(
                        "sh",
                        SnapshotHeld.class,
                        (out, held) -> write(out, held.snapshot()),
                        in -> new SnapshotHeld(held(in))),
                Format.first(
                        "sa",
                        SnapshotArrived.class,
                        (out, arrived) -> write(out, arrived.id()),
                        in -> new SnapshotArrived(snapshotId(in))),
                Format.first("sp", SnapshotPull.class, LogFormats::write, LogFormats::pull),
                Format.first("sc", SnapshotChunk.class, LogFormats::write, LogFormats::chunk),
                Format.first(
                        "sg",
                        SnapshotGone.class,
                        (out, gone) -> write(out, gone.id()),
                        in -> new SnapshotGone(snapshotId(in))));
    }

    private static void write(Out out, AppendEntries message) {
        out.number(message.term());
        out.number(message.sequence());
        ModelFormat.write(out, message.previous());
        EntryFormat.write(out, message.entries());
        out.number(message.commit());
    }

    private static AppendEntries appendEntries(In in) {
        return new AppendEntries(
                in.number(), in.number(), ModelFormat.entryId(in), EntryFormat.entries(in), in.number());
    }

    private static void write(Out out, Matched message) {
        out.number(message.term());
        out.number(message.sequence());
        out.number(message.matched());
    }

    private static Matched matched(In in) {
        return new Matched(in.number(), in.number(), in.number());
    }

    private static void write(Out out, Mismatched message) {
        out.number(message.term());
        out.number(message.sequence());
        ModelFormat.write(out, message.hint());
    }

    private static Mismatched mismatched(In in) {
        return new Mismatched(in.number(), in.number(), ModelFormat.entryId(in));
    }

    private static void write(Out out, Outdated message) {
        out.number(message.term());
        out.number(message.sequence());
    }

    private static Outdated outdated(In in) {
        return new Outdated(in.number(), in.number());
    }

    private static void write(Out out, SnapshotId id) {
        ModelFormat.write(out, id.holder());
        out.number(id.index());
        out.fixed(id.checksum());
    }

    private static SnapshotId snapshotId(In in) {
        return new SnapshotId(ModelFormat.peer(in), in.number(), in.fixed());
    }

    private static void write(Out out, SnapshotOffer message) {
        out.number(message.term());
        out.number(message.sequence());
        write(out, message.snapshot());
    }

    private static SnapshotOffer offer(In in) {
        return new SnapshotOffer(in.number(), in.number(), held(in));
    }

    private static void write(Out out, Held held) {
        write(out, held.id());
        ModelFormat.write(out, held.last());
        out.number(held.size());
    }

    private static Held held(In in) {
        return new Held(snapshotId(in), ModelFormat.entryId(in), in.number());
    }

    private static void write(Out out, SnapshotPull message) {
        write(out, message.id());
        out.number(message.offset());
    }

    private static SnapshotPull pull(In in) {
        return new SnapshotPull(snapshotId(in), in.number());
    }

    private static void write(Out out, SnapshotChunk message) {
        write(out, message.id());
        out.number(message.offset());
        out.blocks(message.bytes());
        out.flag(message.last());
    }

    private static SnapshotChunk chunk(In in) {
        return new SnapshotChunk(snapshotId(in), in.number(), in.blocks(), in.flag());
    }
}
