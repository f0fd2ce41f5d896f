package io.murmuration.tool;

import io.murmuration.core.model.EntryId;
import io.murmuration.persistence.JournalInspection.Damage;
import io.murmuration.persistence.JournalInspection.SegmentFile;
import io.murmuration.persistence.JournalInspection.Stream;
import io.murmuration.persistence.JournalInspection.TornTail;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Says for people what was found in a data folder. */
final class TextReport {
    private final FolderFacts facts;
    private final PrintWriter out;

    TextReport(FolderFacts facts, PrintWriter out) {
        this.facts = facts;
        this.out = out;
    }

    void inspected() {
        out.println(facts.folder() + (facts.node().isEmpty() ? "" : " of node " + facts.node()));
        section("segments", facts.segments(), this::words);
        section("persistence ids", facts.streams(), TextReport::words);
        section("groups", facts.replicas(), TextReport::words);
        section("snapshots", facts.snapshots(), TextReport::words);
        tornTail();
        damages();
    }

    void verified() {
        tornTail();
        damages();
        if (facts.damages().isEmpty()) {
            out.println("ok: "
                    + String.join(
                            ", ",
                            count(facts.segments().size(), "segment"),
                            count(facts.records(), "record"),
                            count(facts.streams().size(), "persistence id"),
                            count(facts.replicas().size(), "group"),
                            count(facts.entries(), "log entry"),
                            count(facts.snapshots().size(), "snapshot"))
                    + "; " + count(facts.bytes(), "byte") + " read, and every checksum holds.");
        }
    }

    /** What one element is in words. */
    @FunctionalInterface
    private interface Form<T> {
        String words(T element);
    }

    private <T> void section(String title, List<T> elements, Form<T> form) {
        out.println(title + (elements.isEmpty() ? ": none" : ""));
        elements.forEach(element -> out.println("  " + form.words(element)));
    }

    private String words(SegmentFile segment) {
        String line = name(segment.file()) + "  " + segment.use().name().toLowerCase(Locale.ROOT);
        return switch (segment.use()) {
            case SPARE, UNFINISHED, UNREADABLE -> line + "  " + count(segment.size(), "byte");
            case SEALED, LIVE, SUPERSEDED ->
                line + "  segment " + segment.number() + "  " + grouped(segment.used()) + " of "
                        + count(segment.size(), "byte") + " used  " + count(segment.records(), "record")
                        + live(segment);
        };
    }

    /** What is live is not known of a damaged journal. */
    private String live(SegmentFile segment) {
        boolean unknown = segment.liveBytes() == 0 && !facts.damages().isEmpty();
        return unknown ? "" : "  " + count(segment.liveBytes(), "byte") + " not deleted";
    }

    private static String words(Stream stream) {
        String who = ReplicaFacts.Name.of(stream.persistenceId())
                .map(name -> "  group " + name.group() + "  node " + name.node())
                .orElse("");
        return stream.persistenceId() + who + "  highest sequence number " + stream.highest() + "  deleted up to "
                + stream.deletedTo() + "  " + count(stream.records(), "record") + "  "
                + count(stream.bytes(), "byte");
    }

    private static String words(ReplicaFacts replica) {
        String head = replica.name().group() + " on " + replica.name().node() + "  " + Words.of(replica.ballot());
        if (replica.wrong() != null) {
            return head + "  the log cannot be told: " + replica.wrong();
        }
        String terms = replica.log().stream()
                .map(run -> "term " + run.term() + ": " + run.first() + " to " + run.last())
                .collect(Collectors.joining(", "));
        return head + "  log " + replica.base() + ".." + replica.last() + (terms.isEmpty() ? "" : " (" + terms + ")")
                + "  " + Words.of(replica.members());
    }

    private static String words(FolderFacts.SnapshotFacts snapshot) {
        EntryId last = snapshot.last();
        return name(snapshot.entry().file())
                + (snapshot.group().isEmpty() ? "" : "  group " + snapshot.group())
                + "  index " + snapshot.entry().sequenceNr()
                + (last == null ? "" : "  term " + last.term())
                + "  " + count(snapshot.entry().bytes(), "byte")
                + (snapshot.entry().intact() ? "  intact" : "  damaged");
    }

    private void tornTail() {
        TornTail torn = facts.tornTail();
        if (torn != null) {
            out.println("torn tail: a write that was never confirmed lies in " + torn.file() + " from offset "
                    + torn.offset() + " on; this is no damage, and the next start cuts it off.");
        }
    }

    private void damages() {
        Set<String> waysOut = new LinkedHashSet<>();
        for (Damage damage : facts.damages()) {
            out.println("damaged: " + damage.file() + " at offset " + damage.offset() + ": " + damage.finding());
            waysOut.add(damage.wayOut());
        }
        for (FolderFacts.LostPart part : facts.lost()) {
            out.println("lost: " + part.words());
        }
        waysOut.forEach(way -> out.println("what to do: " + way));
    }

    private static String name(String file) {
        return String.valueOf(Path.of(file).getFileName());
    }

    private static String count(long number, String what) {
        String many = what.endsWith("y") ? what.substring(0, what.length() - 1) + "ies" : what + "s";
        return grouped(number) + " " + (number == 1 ? what : many);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
