package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.jdk.javaapi.CollectionConverters;

/** The rules of Pekko's technology compatibility kit for journals. */
final class JournalContractTest {

    private static final long MAX = Long.MAX_VALUE;

    @TempDir
    private static Path folder;

    private static ActorSystem system;
    private static int tests;

    private final String writer = UUID.randomUUID().toString();
    private final TestKit receiver = new TestKit(system);
    private String id = "";
    private ActorRef journal = ActorRef.noSender();

    @BeforeAll
    static void start() {
        system = ActorSystem.create("journal", PluginFixture.config(folder.resolve("n1"), "n1"));
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @BeforeEach
    void writeFiveEventsTheLastTwoAtomically() {
        id = "p-" + ++tests;
        journal = Persistence.get(system).journalFor("murmuration.journal", com.typesafe.config.ConfigFactory.empty());
        write(List.of(single(1), single(2), single(3), new AtomicWrite(scalaSeq(List.of(repr(4), repr(5))))), 5);
    }

    @ParameterizedTest
    @CsvSource({
        "1, MAX, MAX, 1, 5",
        "3, MAX, MAX, 3, 5",
        "1, 3, MAX, 1, 3",
        "1, MAX, 3, 1, 3",
        "2, 3, MAX, 2, 3",
        "2, 5, 2, 2, 3",
        "2, 2, MAX, 2, 2",
        "2, 4, 1, 2, 2",
        "2, 4, 0, 0, -1",
        "3, 2, MAX, 0, -1",
        "5, 5, MAX, 5, 5",
        "4, 4, MAX, 4, 4",
    })
    void replaysWithinBoundsAndLimit(String from, String to, String max, long first, long last) {
        replay(id, number(from), number(to), number(max));

        expectReplayed(first, last);
        expectRecovered(5);
    }

    @Test
    void replaysNothingOfAnUnknownId() {
        replay("unknown", 0, MAX, MAX);

        expectRecovered(0);
    }

    @Test
    void doesNotReplayWhatWasDeleted() {
        delete(3);

        replay(id, 1, MAX, MAX);
        expectReplayed(4, 5);
        expectRecovered(5);
    }

    @Test
    void keepsTheHighestSequenceNumberAfterDeletion() {
        delete(MAX);

        replay(id, 0, MAX, MAX);
        expectRecovered(5);
        replay(id, 10, MAX, MAX);
        expectRecovered(5);
    }

    @Test
    void rejectsWhatCannotBeSerializedAndStoresTheRest() {
        Object unserializable = new Object();
        PersistentRepr bad = PersistentRepr.apply(unserializable, 7, id, "", false, ActorRef.noSender(), writer);
        TestKit probe = send(List.of(single(6), AtomicWrite.apply(bad), single(8)));

        probe.expectMsgEquals(JournalProtocol.WriteMessagesSuccessful$.MODULE$);
        assertThat(probe.expectMsgClass(JournalProtocol.WriteMessageSuccess.class)
                        .persistent()
                        .sequenceNr())
                .isEqualTo(6);
        JournalProtocol.WriteMessageRejected rejected =
                probe.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
        assertThat(rejected.message().sequenceNr()).isEqualTo(7);
        assertThat(rejected.cause()).isInstanceOf(java.io.NotSerializableException.class);
        assertThat(probe.expectMsgClass(JournalProtocol.WriteMessageSuccess.class)
                        .persistent()
                        .sequenceNr())
                .isEqualTo(8);
        replay(id, 6, MAX, MAX);
        expectReplayed(6, 6);
        expectReplayed(8, 8);
        expectRecovered(8);
    }

    @Test
    void rejectsTheWholeAtomicWriteIfOneEventCannotBeSerialized() {
        PersistentRepr bad = PersistentRepr.apply(new Object(), 7, id, "", false, ActorRef.noSender(), writer);
        TestKit probe = send(List.of(new AtomicWrite(scalaSeq(List.of(repr(6), bad)))));

        probe.expectMsgEquals(JournalProtocol.WriteMessagesSuccessful$.MODULE$);
        probe.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
        probe.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
        replay(id, 1, MAX, MAX);
        expectReplayed(1, 5);
        expectRecovered(5);
    }

    @Test
    void failsARecoveryInWhichTwoWritersMixAndDiscardsNothing() {
        String other = UUID.randomUUID().toString();
        PersistentRepr others = PersistentRepr.apply("b-6", 6, id, "", false, ActorRef.noSender(), other);
        write(List.of(AtomicWrite.apply(others)), 1);
        write(List.of(single(7)), 1);

        replay(id, 1, MAX, MAX);

        Object answer = receiver.receiveOne(java.time.Duration.ofSeconds(15));
        while (answer instanceof JournalProtocol.ReplayedMessage) {
            answer = receiver.receiveOne(java.time.Duration.ofSeconds(15));
        }
        assertThat(answer).isInstanceOf(JournalProtocol.ReplayMessagesFailure.class);
    }

    @Test
    void repliesOfDifferentActorsNeedNoCommonOrder() {
        assertThat(system.settings().config().getBoolean("murmuration.journal.write-response-global-order"))
                .isFalse();
    }

    @Test
    void failsAWriteWhoseNumberIsStoredAlready() {
        TestKit probe = send(List.of(single(5)));

        JournalProtocol.WriteMessagesFailed failed = probe.expectMsgClass(JournalProtocol.WriteMessagesFailed.class);
        assertThat(failed.cause()).hasMessageContaining("already stored");
    }

    @Test
    void serializesThroughPekkoAndKeepsMetadataTimestampAndManifest() {
        TestKit probe = new TestKit(system);
        PersistentRepr event = PersistentRepr.apply(
                        new PluginFixture.Ref(probe.getRef()), 6, id, "adapter-1", false, ActorRef.noSender(), writer)
                .withTimestamp(1234)
                .withMetadata("about it");
        write(List.of(AtomicWrite.apply(event)), 1);

        replay(id, 6, MAX, MAX);

        PersistentRepr found =
                receiver.expectMsgClass(JournalProtocol.ReplayedMessage.class).persistent();
        assertThat(found.payload()).isEqualTo(new PluginFixture.Ref(probe.getRef()));
        assertThat(found.manifest()).isEqualTo("adapter-1");
        assertThat(found.timestamp()).isEqualTo(1234);
        assertThat(found.metadata().get()).isEqualTo("about it");
        assertThat(found.writerUuid()).isEqualTo(writer);
        expectRecovered(6);
    }

    @Test
    void answersTheHighestNumberBehindAWriteInFlight() {
        for (int i = 6; i < 30; i++) {
            TestKit probe = send(List.of(single(i)));
            replay(id, i, MAX, MAX);
            expectReplayed(i, i);
            expectRecovered(i);
            probe.expectMsgEquals(JournalProtocol.WriteMessagesSuccessful$.MODULE$);
        }
    }

    private static long number(String text) {
        return text.equals("MAX") ? MAX : Long.parseLong(text);
    }

    private static <T> scala.collection.immutable.Seq<T> scalaSeq(List<T> list) {
        return CollectionConverters.asScala(list).toList();
    }

    private PersistentRepr repr(long sequenceNr) {
        return PersistentRepr.apply("a-" + sequenceNr, sequenceNr, id, "", false, ActorRef.noSender(), writer);
    }

    private AtomicWrite single(long sequenceNr) {
        return AtomicWrite.apply(repr(sequenceNr));
    }

    private TestKit send(List<AtomicWrite> writes) {
        TestKit probe = new TestKit(system);
        List<PersistentEnvelope> envelopes = new ArrayList<>(writes);
        journal.tell(new JournalProtocol.WriteMessages(scalaSeq(envelopes), probe.getRef(), 1), ActorRef.noSender());
        return probe;
    }

    private void write(List<AtomicWrite> writes, int events) {
        TestKit probe = send(writes);
        probe.expectMsgEquals(JournalProtocol.WriteMessagesSuccessful$.MODULE$);
        for (int i = 0; i < events; i++) {
            probe.expectMsgClass(JournalProtocol.WriteMessageSuccess.class);
        }
    }

    private void delete(long to) {
        journal.tell(new JournalProtocol.DeleteMessagesTo(id, to, receiver.getRef()), ActorRef.noSender());
        receiver.expectMsgClass(org.apache.pekko.persistence.DeleteMessagesSuccess.class);
    }

    private void replay(String persistenceId, long from, long to, long max) {
        journal.tell(
                new JournalProtocol.ReplayMessages(from, to, max, persistenceId, receiver.getRef()),
                ActorRef.noSender());
    }

    private void expectReplayed(long first, long last) {
        LongStream.rangeClosed(first, last).filter(i -> last >= first).forEach(i -> {
            PersistentRepr found = receiver.expectMsgClass(JournalProtocol.ReplayedMessage.class)
                    .persistent();
            assertThat(found.sequenceNr()).isEqualTo(i);
            assertThat(found.payload()).isEqualTo("a-" + i);
            assertThat(found.persistenceId()).isEqualTo(id);
        });
    }

    private void expectRecovered(long highest) {
        assertThat(receiver.expectMsgClass(JournalProtocol.RecoverySuccess.class)
                        .highestSequenceNr())
                .isEqualTo(highest);
    }
}
