package io.murmuration.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.core.model.StoreRecord.Founded;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.Prepared;
import io.murmuration.persistence.JournalInspection.Event;
import io.murmuration.persistence.JournalInspection.Lost;
import io.murmuration.tool.ReplicaFacts.LostIndices;
import io.murmuration.tool.ReplicaFacts.Name;
import io.murmuration.tool.ReplicaFacts.TermRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Only what counts is shown of a log, unless all records are asked for. */
final class EntryWalkTest {
    private static final Name NAME = Name.of("murmuration|tally|n1").orElseThrow();
    private static final Peer SELF = new Peer("n1", new UUID(1, 2));
    private static final UUID GROUP = new UUID(3, 4);
    private static final Members MEMBERS = Members.voting(List.of(SELF));

    private static ActorSystem system;

    @BeforeAll
    static void start() {
        system = ActorSystem.create(
                "records",
                ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.load()));
    }

    @AfterAll
    static void end() {
        system.terminate();
    }

    /** What is handed on, in words. */
    private static final class Shown implements EntryWalk.Sink {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void entry(Entry entry, EntryWalk.Standing standing) {
            lines.add(entry.id() + (standing == EntryWalk.Standing.IN_THE_LOG ? "" : " " + standing));
        }

        @Override
        public void record(long sequenceNr, long timeMillis, StoreRecord record) {
            lines.add(sequenceNr + " " + record.getClass().getSimpleName());
        }

        @Override
        public void truncated(long sequenceNr, long index) {
            lines.add(sequenceNr + " truncated from " + index);
        }

        @Override
        public void unreadable(long sequenceNr, String why) {
            lines.add(sequenceNr + " unreadable: " + why);
        }
    }

    private static EntriesAppended entries(long from, long to, long term) {
        return new EntriesAppended(LongStream.rangeClosed(from, to)
                .mapToObj(index -> new Entry(
                        new EntryId(index, term),
                        1000 + index,
                        new Payload.Proposed(7, index, 1, new Encoded(7713, "x.Y", new byte[] {1, 2}))))
                .toList());
    }

    private static List<StoreRecord> journal() {
        return List.of(
                new Prepared(SELF.incarnation()),
                new Founded(GROUP, MEMBERS),
                new BallotCast(new Ballot(1, SELF)),
                entries(1, 3, 1),
                new BallotCast(new Ballot(2, null)),
                entries(3, 5, 2),
                new PrefixDropped(
                        new Base(GROUP, SELF.incarnation(), MEMBERS, MEMBERS, new Ballot(2, null), new EntryId(1, 1))),
                new BallotCast(new Ballot(4, SELF)),
                entries(6, 6, 4));
    }

    private static List<Event> events(List<StoreRecord> records) {
        Serialization serialization = SerializationExtension.get(system);
        List<Event> events = new ArrayList<>();
        for (StoreRecord record : records) {
            Serializer serializer = serialization.findSerializerFor(record);
            events.add(new Event(
                    events.size() + 1,
                    500,
                    serializer.identifier(),
                    Serializers.manifestFor(serializer, record),
                    ByteBuffer.wrap(serializer.toBinary(record))));
        }
        return events;
    }

    private static ReplicaFacts facts(List<Event> events, Lost... lost) {
        ReplicaFold fold = new ReplicaFold(NAME, List.of(lost));
        events.forEach(fold::take);
        return fold.facts();
    }

    private static List<String> walk(List<Event> events, long from, long to, boolean records) {
        Shown shown = new Shown();
        EntryWalk walk = new EntryWalk(facts(events), from, to, records, shown);
        events.forEach(walk::take);
        return shown.lines;
    }

    @Test
    void tellsTheLogByTheRulesOfItsReplay() {
        ReplicaFacts facts = facts(events(journal()));

        assertThat(facts.wrong()).isNull();
        assertThat(facts.ballot()).isEqualTo(new Ballot(4, SELF));
        assertThat(facts.base()).isEqualTo(new EntryId(1, 1));
        assertThat(facts.log()).containsExactly(new TermRun(1, 2, 2), new TermRun(2, 3, 5), new TermRun(4, 6, 6));
        assertThat(facts.last()).isEqualTo(new EntryId(6, 4));
        assertThat(facts.members()).isEqualTo(MEMBERS);
        assertThat(LongStream.rangeClosed(1, 7).map(facts::termAt)).containsExactly(0L, 1L, 2L, 2L, 2L, 4L, 0L);
    }

    @Test
    void showsEachEntryOfTheLogOnce() {
        List<Event> events = events(journal());

        assertThat(walk(events, 1, Long.MAX_VALUE, false)).containsExactly("2@1", "3@2", "4@2", "5@2", "6@4");
        assertThat(walk(events, 4, 5, false)).containsExactly("4@2", "5@2");
    }

    @Test
    void showsAllThereIsInTheOrderOfTheJournalIfAsked() {
        assertThat(walk(events(journal()), 1, Long.MAX_VALUE, true))
                .containsExactly(
                        "1 Prepared",
                        "2 Founded",
                        "3 BallotCast",
                        "1@1 DROPPED",
                        "2@1",
                        "3@1 REPLACED",
                        "5 BallotCast",
                        "6 truncated from 3",
                        "3@2",
                        "4@2",
                        "5@2",
                        "7 PrefixDropped",
                        "8 BallotCast",
                        "6@4");
    }

    @Test
    void showsAnEntryOnceThatWasAppendedTwice() {
        List<StoreRecord> records = new ArrayList<>(journal());
        records.add(entries(6, 7, 4));

        assertThat(walk(events(records), 6, 9, false)).containsExactly("6@4", "7@4");
    }

    @Test
    void saysWhichPartOfTheLogIsLostAndShowsTheRest() {
        List<Event> all = events(journal());
        List<Event> left = new ArrayList<>(all);
        left.remove(5);

        ReplicaFacts facts = facts(left, new Lost(NAME.persistenceId(), 6, 6));
        ReplicaFacts cut = facts(all.subList(0, 5), new Lost(NAME.persistenceId(), 6, 9));

        assertThat(facts.wrong()).contains("goes on at index 6 after 3@1");
        assertThat(facts.ballot()).isEqualTo(new Ballot(4, SELF));
        assertThat(facts.lost()).containsExactly(new LostIndices(6, 6, 4, 5));
        assertThat(facts.lost().get(0).words()).isEqualTo("log entries 4 to 5");
        assertThat(walk(left, 1, 9, false)).containsExactly("1@1", "2@1", "3@1", "6@4");
        assertThat(cut.lost().get(0).words()).isEqualTo("log entries from index 4 on");
    }

    @Test
    void goesOnBehindARecordThatCannotBeRead() {
        List<Event> events = new ArrayList<>(events(journal()));
        events.set(5, new Event(6, 500, 7712, "zz", ByteBuffer.wrap(new byte[] {1})));

        assertThat(facts(events).wrong()).contains("Sequence number 6", "does not know the manifest \"zz\"");
        assertThat(walk(events, 6, 9, false)).hasSize(2).last().isEqualTo("6@4");
        assertThat(walk(events, 6, 9, false).get(0))
                .startsWith("6 unreadable: ")
                .contains("zz");
    }
}
