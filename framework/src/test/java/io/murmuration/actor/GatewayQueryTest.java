package io.murmuration.actor;

import static io.murmuration.actor.GatewayFixture.failure;
import static io.murmuration.actor.GatewayFixture.result;
import static io.murmuration.actor.GatewayFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.NotAppliedException;
import io.murmuration.actor.GatewayFixture.Odd;
import io.murmuration.actor.GatewayFixture.Over;
import io.murmuration.actor.GatewayFixture.Sum;
import io.murmuration.core.model.ClientRpc.Answer;
import io.murmuration.core.model.ClientRpc.IsAt;
import io.murmuration.core.model.ClientRpc.Query;
import io.murmuration.core.model.ClientRpc.QueryRefused;
import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.ClientRpc.ReadReady;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Typed queries: those of this node, those of others that it answers, and those that others answer for it. */
class GatewayQueryTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final UUID WEB = new UUID(7, 8);
    private static final Duration TEN = Duration.ofSeconds(10);

    private final GatewayFixture fixture = new GatewayFixture(KIT, new GatewayFixture.TextCodec());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private void asked(Encoded query, long id) {
        fixture.gateway.tell(new Wire(fixture.groupId, new Peer("web", WEB), new Query(WEB, id, query, 10_000)));
    }

    /** Confirms a read as the leader does, and carries it out as the Machine does. */
    private void read(Object state, long index) {
        ReadIndex read = fixture.next("n2", ReadIndex.class);
        fixture.answer("n2", new ReadReady(read.life(), read.id(), index));
        fixture.machine.expectMessageClass(MachineMessage.Read.class).reader().read(state, index);
    }

    // ---- on a node with a replica

    @Test
    void aReplicaAnswersFromItsOwnState() {
        fixture.up();
        CompletionStage<Long> sum = fixture.replica.query(new Sum(3));

        read(40L, 17);

        assertThat(result(sum)).isEqualTo(43);
    }

    @Test
    void whatAQueryThrowsIsItsAskersFailure() {
        fixture.up();
        CompletionStage<Long> over = fixture.replica.query(new Over("the limit"), TEN);

        read(40L, 17);

        assertThat(failure(over))
                .isInstanceOf(NotAppliedException.QueryFailed.class)
                .hasMessageContaining("java.lang.IllegalStateException: the limit")
                .hasMessageContaining("index 17");
    }

    @Test
    void aQueryWithoutAnAnswerIsRefusedAtOnce() {
        fixture.up();

        assertThat(failure(fixture.replica.query(new Odd())))
                .isInstanceOf(NotAppliedException.Unsupported.class)
                .hasMessageContaining(".answering(Odd.class, ...)");
    }

    // ---- of another node

    @Test
    void answersAnotherNodeWithALinearizableReadOfItsOwn() {
        fixture.up();
        asked(text("Sum"), 5);

        read(40L, 17);

        assertThat(fixture.told("web", Answer.class)).isEqualTo(new Answer(WEB, 5, 17, new Reply.Replied(text("43"))));
    }

    @Test
    void answersAnotherCopyOfTheSameQueryOnce() {
        fixture.up();
        asked(text("Sum"), 5);
        asked(text("Sum"), 5);
        read(40L, 17);
        assertThat(fixture.told("web", Answer.class).id()).isEqualTo(5);

        asked(text("Sum"), 6);
        read(40L, 18);

        assertThat(fixture.told("web", Answer.class).id()).isEqualTo(6);
    }

    @Test
    void tellsAnotherNodeWhatItsQueryThrew() {
        fixture.up();
        asked(text("Over"), 5);

        read(40L, 17);

        assertThat(fixture.told("web", Answer.class).reply())
                .isInstanceOfSatisfying(
                        Reply.Declined.class,
                        declined -> assertThat(declined.reason()).contains("IllegalStateException: the limit"));
    }

    @Test
    void tellsAnotherNodeThatItsQueryIsUnknown() {
        fixture.up();

        asked(text("Odd"), 5);

        assertThat(fixture.told("web", Answer.class).reply())
                .isInstanceOfSatisfying(
                        Reply.Declined.class,
                        declined -> assertThat(declined.reason()).contains(".answering(Odd.class, ...)"));
    }

    @Test
    void aCommandIsNoQuery() {
        fixture.up();

        asked(text("41"), 5);

        assertThat(fixture.told("web", Answer.class).reply())
                .isInstanceOfSatisfying(
                        Reply.Declined.class,
                        declined -> assertThat(declined.reason()).contains("java.lang.Long is no query"));
    }

    @Test
    void aReplyThatCannotBeEncodedIsSaidToBeSo() {
        fixture.up();
        asked(text("Sum"), 5);

        read(-4L, 17);

        assertThat(fixture.told("web", Answer.class).reply())
                .isInstanceOfSatisfying(
                        Reply.Unencodable.class, lost -> assertThat(lost.why()).contains("bind one"));
    }

    @Test
    void aReplyThatFitsIntoNoMessageIsSaidToBeSo() {
        GatewayFixture large = new GatewayFixture(KIT, new GatewayFixture.TextCodec() {
            @Override
            public Encoded encode(Object value) {
                return value instanceof Long ? new Encoded(1, "", new byte[128 << 10]) : super.encode(value);
            }
        });
        large.up();
        large.gateway.tell(new Wire(large.groupId, new Peer("web", WEB), new Query(WEB, 5, text("Sum"), 10_000)));

        ReadIndex read = large.next("n2", ReadIndex.class);
        large.answer("n2", new ReadReady(read.life(), read.id(), 17));
        large.machine.expectMessageClass(MachineMessage.Read.class).reader().read(1L, 17);

        assertThat(large.told("web", Answer.class).reply())
                .isInstanceOfSatisfying(
                        Reply.Unencodable.class, lost -> assertThat(lost.why()).contains("131,088 bytes", "131,072"));
    }

    @Test
    void refusesWithTheReasonWhileTheReplicaDoesNotRun() {
        fixture.gateway.tell(new GatewayMessage.ReplicaDown("waiting", "It waits to be added."));
        asked(text("Sum"), 5);
        assertThat(fixture.told("web", QueryRefused.class))
                .isEqualTo(new QueryRefused(WEB, 5, Refusal.CLOSED, "n1 says: It waits to be added."));

        fixture.up();
        fixture.gateway.tell(new GatewayMessage.ReplicaDown("stopped", "It failed."));
        asked(text("Sum"), 6);

        assertThat(fixture.told("web", QueryRefused.class).why()).isEqualTo("n1 says: It failed.");
    }

    @Test
    void dropsAQueryOfAnotherGroup() {
        fixture.up();
        Wire strange = new Wire(new UUID(0, 1), new Peer("web", WEB), new Query(WEB, 5, text("Sum"), 10_000));

        fixture.gateway.tell(strange);
        asked(text("Odd"), 6);

        assertThat(fixture.told("web", Answer.class).id()).isEqualTo(6);
    }

    @Test
    void refusesWhatIsOpenWhenTheGroupIsClosed() {
        fixture.up();
        asked(text("Sum"), 5);
        assertThat(fixture.next("n2", ReadIndex.class)).isNotNull();

        fixture.gateway.tell(new GatewayMessage.Close("The node stops.", false));

        assertThat(fixture.told("web", QueryRefused.class).why()).contains("The node stops.");
    }

    @Test
    void learnsWhereItsAskerIsAlsoWhileItKnowsNoGroup() {
        fixture.gateway.tell(new Wire(null, new Peer("web", WEB), new IsAt(WEB, "10.0.0.9:25520")));

        asked(text("Sum"), 5);

        assertThat(fixture.told("web", QueryRefused.class).id()).isEqualTo(5);
        assertThat(fixture.places).containsExactly(Map.entry("web", "10.0.0.9:25520"));
    }

    // ---- on a node without a replica

    private GatewayClient clientNode() {
        fixture.gateway.tell(new GatewayMessage.AskThese(List.of("n2", "n3")));
        fixture.gateway.tell(new GatewayMessage.GroupIs(fixture.groupId));
        Asker asker = new Asker(
                "bank", fixture.gateway, GatewayFixture.MACHINE.commands(), new GatewayFixture.TextCodec(), 1_000);
        return new GatewayClient("bank", asker, fixture.settings);
    }

    @Test
    void aClientIsAnsweredByAnotherNode() {
        CompletionStage<Long> sum = clientNode().query(new Sum(3));

        Query query = fixture.told("n3", Query.class);
        fixture.answer("n3", new Answer(query.life(), query.id(), 17, new Reply.Replied(text("43"))));

        assertThat(query.query()).isEqualTo(text("Sum[plus=3]"));
        assertThat(query.patienceMillis()).isBetween(1L, 10_000L);
        assertThat(result(sum)).isEqualTo(43);
    }

    @Test
    void aClientIsToldWhatTheQueryThrewElsewhere() {
        CompletionStage<Long> sum = clientNode().query(new Sum(3));
        Query query = fixture.told("n3", Query.class);

        fixture.answer("n3", new Answer(query.life(), query.id(), 0, new Reply.Declined("It threw X: y.")));

        assertThat(failure(sum))
                .isInstanceOf(NotAppliedException.QueryFailed.class)
                .hasMessage("It threw X: y.");
    }

    @Test
    void aClientIsToldThatTheReplyIsLost() {
        GatewayClient client = clientNode();
        CompletionStage<Long> unsent = client.query(new Sum(1));
        Query first = fixture.told("n3", Query.class);
        fixture.answer("n3", new Answer(first.life(), first.id(), 17, new Reply.Unencodable("Too large.")));
        CompletionStage<Long> unreadable = client.query(new Sum(2));
        Query second = fixture.told("n2", Query.class);
        fixture.answer("n2", new Answer(second.life(), second.id(), 17, new Reply.Replied(text("four"))));
        CompletionStage<Long> odd = client.query(new Sum(2));
        Query third = fixture.told("n3", Query.class);
        fixture.answer("n3", new Answer(third.life(), third.id(), 17, new Reply.Forgotten()));

        assertThat(failure(unsent))
                .isInstanceOf(NotAppliedException.QueryFailed.class)
                .hasMessage("Too large.");
        assertThat(failure(unreadable))
                .isInstanceOf(NotAppliedException.QueryFailed.class)
                .hasMessageContaining("\"four\" is no number");
        assertThat(failure(odd)).isInstanceOf(NotAppliedException.QueryFailed.class);
    }

    @Test
    void aClientRefusesWhatIsTooLargeToSend() {
        assertThat(failure(clientNode().query(new Over("x".repeat(1_000)))))
                .isInstanceOf(NotAppliedException.TooLarge.class)
                .hasMessageStartingWith("Query of 1,0");
    }

    @Test
    void aClientsOpenQueriesFailWhenItsGatewayStops() {
        CompletionStage<Long> sum = clientNode().query(new Sum(3));
        assertThat(fixture.told("n3", Query.class)).isNotNull();

        KIT.stop(fixture.gateway);

        assertThat(failure(sum)).isInstanceOf(NotAppliedException.Closed.class);
    }
}
