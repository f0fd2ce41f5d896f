package io.murmuration.tool;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.persistence.JournalInspection;
import io.murmuration.persistence.JournalInspection.Stream;
import io.murmuration.persistence.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says of one replica, by the rules of its replay.
 *
 * @param name whose they are
 * @param id the group's id, or null if it was not founded as far as this node knows
 * @param incarnation this node's incarnation in the group, or null if it has none
 * @param ballot term and vote
 * @param base the last entry that is no longer in the log
 * @param log the log, in runs of one term each
 * @param members the latest members, committed or not
 * @param wrong why the records do not fit together, or null if they do; the log is then what could be read of it
 * @param lost what is lost of the log by damage
 */
record ReplicaFacts(
        Name name,
        @Nullable UUID id,
        @Nullable UUID incarnation,
        Ballot ballot,
        EntryId base,
        List<TermRun> log,
        Members members,
        @Nullable String wrong,
        List<LostIndices> lost) {

    /**
     * Whose records these are.
     *
     * @param persistenceId as the journal says it
     * @param group the group
     * @param node the node
     */
    record Name(String persistenceId, String group, String node) {
        private static final Pattern FORM = Pattern.compile("murmuration\\|([^|]+)\\|([^|]+)(\\|[^|]+)?");

        /** Of a replica's journal, or of its snapshots; empty for what another persistent actor wrote. */
        static Optional<Name> of(String persistenceId) {
            Matcher form = FORM.matcher(persistenceId);
            return form.matches()
                    ? Optional.of(new Name(persistenceId, form.group(1), form.group(2)))
                    : Optional.empty();
        }
    }

    /**
     * Entries of one term that follow each other.
     *
     * @param term the term
     * @param first the first index
     * @param last the last index
     */
    record TermRun(long term, long first, long last) {}

    /**
     * Part of the log that damage has taken.
     *
     * @param sequenceFrom the first lost sequence number of the journal
     * @param sequenceTo the last lost sequence number of the journal
     * @param from the first index that may be lost
     * @param to the last index that may be lost; below {@code from} if only ballots and bases are, and the largest
     *     number if nothing that follows can be read
     */
    record LostIndices(long sequenceFrom, long sequenceTo, long from, long to) {
        String words() {
            if (to == Long.MAX_VALUE) {
                return "log entries from index " + from + " on";
            }
            if (to < from) {
                return "no log entry, but votes or bases";
            }
            return from == to ? "log entry " + from : "log entries " + from + " to " + to;
        }
    }

    String persistenceId() {
        return name.persistenceId();
    }

    EntryId last() {
        return log.isEmpty()
                ? base
                : new EntryId(
                        log.get(log.size() - 1).last(), log.get(log.size() - 1).term());
    }

    /** The term of the entry that counts at an index; 0 if there is none. */
    long termAt(long index) {
        int low = 0;
        int high = log.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            TermRun run = log.get(middle);
            if (index < run.first()) {
                high = middle - 1;
            } else if (index > run.last()) {
                low = middle + 1;
            } else {
                return run.term();
            }
        }
        return 0;
    }

    /** All replicas in a journal, by group and node. */
    static List<ReplicaFacts> all(JournalInspection inspection) {
        return inspection.streams().stream()
                .flatMap(stream -> nameOf(stream).stream())
                .map(name -> ReplicaFold.of(inspection, name))
                .toList();
    }

    /** The replica of a group that is meant; the folder's own node if none is named. */
    static ReplicaFacts choose(JournalInspection inspection, String group, @Nullable String node) {
        TreeSet<String> known = new TreeSet<>();
        List<Name> names = inspection.streams().stream()
                .flatMap(stream -> nameOf(stream).stream())
                .peek(name -> known.add(name.group() + " on " + name.node()))
                .filter(name -> name.group().equals(group))
                .filter(name -> node == null || name.node().equals(node))
                .toList();
        if (names.isEmpty()) {
            throw new StorageException("The journal holds no group " + group + (node == null ? "" : " of node " + node)
                    + "; " + (known.isEmpty() ? "it holds none." : "it holds " + String.join(", ", known) + "."));
        }
        Name chosen = names.stream()
                .filter(name -> names.size() == 1 || name.node().equals(inspection.node()))
                .findFirst()
                .orElseThrow(() -> new StorageException("The journal holds the group " + group
                        + " of several nodes; say by --node which one is meant: " + String.join(", ", known) + "."));
        return ReplicaFold.of(inspection, chosen);
    }

    private static Optional<Name> nameOf(Stream stream) {
        return Name.of(stream.persistenceId());
    }
}
