package io.murmuration.tool;

import io.murmuration.actor.StoredForms;
import io.murmuration.core.model.Codec.CodecException;
import io.murmuration.core.model.EntryId;
import io.murmuration.persistence.JournalInspection;
import io.murmuration.persistence.JournalInspection.Damage;
import io.murmuration.persistence.JournalInspection.Lost;
import io.murmuration.persistence.JournalInspection.SegmentFile;
import io.murmuration.persistence.JournalInspection.SnapshotEntry;
import io.murmuration.persistence.JournalInspection.Stream;
import io.murmuration.persistence.JournalInspection.TornTail;
import io.murmuration.tool.ReplicaFacts.LostIndices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that there is to say about a data folder, but the entries themselves.
 *
 * @param folder its path
 * @param node whose it is; empty if that cannot be read
 * @param segments the files of the log
 * @param streams the persistence ids
 * @param replicas what the records of each replica say
 * @param snapshots the snapshots
 * @param damages each place of damage
 * @param lost what is lost by it
 * @param tornTail what a crash has cut short, or null
 */
record FolderFacts(
        Path folder,
        String node,
        List<SegmentFile> segments,
        List<Stream> streams,
        List<ReplicaFacts> replicas,
        List<SnapshotFacts> snapshots,
        List<Damage> damages,
        List<LostPart> lost,
        @Nullable TornTail tornTail) {
    private static final String RECORDS_WAY_OUT =
            "A node does not start this group from such records. Leave the node stopped and let its groups go on with"
                    + " the others; then let it join anew with an empty data folder, in the place of the old one"
                    + " (members().replace).";

    /**
     * A snapshot.
     *
     * @param entry what the folder says of it
     * @param group its group's name, empty if it is no replica's
     * @param last the last entry that it includes, or null if that cannot be read
     */
    record SnapshotFacts(
            SnapshotEntry entry, String group, @Nullable EntryId last) {
        static SnapshotFacts of(SnapshotEntry entry) {
            String group = ReplicaFacts.Name.of(entry.persistenceId())
                    .map(ReplicaFacts.Name::group)
                    .orElse("");
            if (!entry.intact() || group.isEmpty()) {
                return new SnapshotFacts(entry, group, null);
            }
            try {
                return new SnapshotFacts(
                        entry,
                        group,
                        StoredForms.snapshotHead(entry.beginning()).last());
            } catch (CodecException e) {
                return new SnapshotFacts(entry, group, null);
            }
        }
    }

    /**
     * What damage has taken.
     *
     * @param lost which events of the journal
     * @param replica whose they are, or null if they are not a replica's
     * @param indices which part of its log that is, or null
     */
    record LostPart(
            Lost lost,
            @Nullable ReplicaFacts replica,
            @Nullable LostIndices indices) {
        static LostPart of(Lost lost, List<ReplicaFacts> replicas) {
            for (ReplicaFacts replica : replicas) {
                for (LostIndices indices : replica.lost()) {
                    if (replica.persistenceId().equals(lost.persistenceId()) && indices.sequenceFrom() == lost.from()) {
                        return new LostPart(lost, replica, indices);
                    }
                }
            }
            return new LostPart(lost, null, null);
        }

        String words() {
            String events = lost.persistenceId()
                    + (lost.from() == lost.to()
                            ? ", sequence number " + lost.from()
                            : ", sequence numbers " + lost.from() + " to " + lost.to());
            return replica == null || indices == null
                    ? events
                    : events + ": of group " + replica.name().group() + " on node "
                            + replica.name().node() + " " + indices.words();
        }
    }

    static FolderFacts of(JournalInspection inspection) {
        List<ReplicaFacts> replicas = ReplicaFacts.all(inspection);
        List<Damage> damages = new ArrayList<>(inspection.damages());
        for (ReplicaFacts replica : replicas) {
            String wrong = replica.wrong();
            // What is lost explains why the rest does not fit together.
            if (wrong != null && replica.lost().isEmpty()) {
                String finding = "the records of " + replica.persistenceId() + " do not fit together: " + wrong;
                damages.add(new Damage(inspection.folder().resolve("journal").toString(), 0, finding, RECORDS_WAY_OUT));
            }
        }
        return new FolderFacts(
                inspection.folder(),
                inspection.node(),
                inspection.segments(),
                inspection.streams(),
                replicas,
                inspection.snapshots().stream().map(SnapshotFacts::of).toList(),
                List.copyOf(damages),
                inspection.lost().stream()
                        .map(lost -> LostPart.of(lost, replicas))
                        .toList(),
                inspection.tornTail());
    }

    /** How many records can be read. */
    long records() {
        return segments.stream().mapToLong(SegmentFile::records).sum();
    }

    /** How many bytes were read and checked. */
    long bytes() {
        long log = segments.stream().mapToLong(SegmentFile::used).sum();
        return log + snapshots.stream().mapToLong(each -> each.entry().bytes()).sum();
    }

    /** How many entries the logs hold. */
    long entries() {
        return replicas.stream()
                .flatMap(replica -> replica.log().stream())
                .mapToLong(run -> run.last() - run.first() + 1)
                .sum();
    }
}
