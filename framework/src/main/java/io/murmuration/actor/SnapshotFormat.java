package io.murmuration.actor;

import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.Snapshot;

/**
 * The binary form of a {@link Snapshot}, on disk and on the wire: its version, then its fields. Whoever changes what is
 * written raises the version: the golden file fails otherwise.
 */
final class SnapshotFormat {
    static final int VERSION = 2;

    private SnapshotFormat() {}

    /**
     * Writes a snapshot.
     *
     * @param snapshot the snapshot
     * @param bytesMax the most bytes that it may have
     * @return its bytes
     * @throws Blocks.TooLargeException if it has more
     */
    static Blocks toBlocks(Snapshot snapshot, long bytesMax) {
        Blocks.Builder blocks = new Blocks.Builder(bytesMax);
        write(Out.into(blocks), snapshot);
        return blocks.build();
    }

    /**
     * Reads a snapshot.
     *
     * @param blocks what {@link #toBlocks} returned
     * @return an equal snapshot
     * @throws MalformedException if the bytes do not fit
     */
    static Snapshot fromBlocks(Blocks blocks) {
        In in = new In(blocks);
        StoredForms.SnapshotHead head = head(in);
        Snapshot snapshot = new Snapshot(
                head.group(),
                head.last(),
                head.members(),
                in.signed(),
                in.signed(),
                in.fixed(),
                in.fixed(),
                in.list(SnapshotFormat::session),
                in.list(SnapshotFormat::gone),
                ModelFormat.encodedState(in));
        in.end();
        return snapshot;
    }

    /** What the bytes of a snapshot begin with. */
    static StoredForms.SnapshotHead head(In in) {
        int version = in.octet();
        if (version != VERSION) {
            throw new MalformedException("The snapshot has version " + version + ", and this is read here: " + VERSION
                    + ". Another version of Murmuration wrote it; run the same version on all nodes.");
        }
        return new StoredForms.SnapshotHead(in.uuid(), ModelFormat.entryId(in), ModelFormat.allOfMembers(in));
    }

    private static void write(Out out, Snapshot snapshot) {
        out.octet(VERSION);
        out.uuid(snapshot.group());
        ModelFormat.write(out, snapshot.last());
        ModelFormat.writeAll(out, snapshot.members());
        out.signed(snapshot.timeMillis());
        out.signed(snapshot.elapsedMillis());
        out.fixed(snapshot.shape());
        out.fixed(snapshot.chain());
        out.list(snapshot.sessions(), SnapshotFormat::write);
        out.list(snapshot.gone(), SnapshotFormat::write);
        ModelFormat.write(out, snapshot.state());
    }

    private static void write(Out out, Snapshot.Session session) {
        out.number(session.session());
        out.uuid(session.life());
        out.repeated(session.node());
        out.number(session.lowest());
        out.signed(session.usedMillis());
        out.list(session.outcomes(), ClientFormats::write);
    }

    private static Snapshot.Session session(In in) {
        return new Snapshot.Session(
                in.number(), in.uuid(), in.repeated(), in.number(), in.signed(), in.list(ClientFormats::outcome));
    }

    private static void write(Out out, Snapshot.Gone gone) {
        out.number(gone.session());
        out.uuid(gone.life());
        out.repeated(gone.node());
    }

    private static Snapshot.Gone gone(In in) {
        return new Snapshot.Gone(in.number(), in.uuid(), in.repeated());
    }
}
