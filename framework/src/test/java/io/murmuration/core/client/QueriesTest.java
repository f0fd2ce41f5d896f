package io.murmuration.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Query;
import io.murmuration.core.model.ClientRpc.QueryRefused;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Typed queries from the asker's side, on a node without a replica. */
class QueriesTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration T = Driver.T;
    private static final List<String> THREE = List.of("n1", "n2", "n3");
    private static final Encoded QUERY = Driver.commandOf(10);

    private final Client client = client(1 << 20);
    private final List<Effect> effects = new ArrayList<>();
    private long lastNumber;
    private long now = 5_000;

    private static Client client(long bytesMax) {
        return new Client(new ClientSettings("bank", "web", List.of("web"), T, bytesMax), new Random(7));
    }

    private QueriesTest joined() {
        effects.addAll(client.members(THREE, now));
        effects.addAll(client.known(false, now));
        return this;
    }

    private long ask(Duration patience) {
        Request request = new Request(++lastNumber, now, now + patience.toNanos());
        effects.addAll(client.query(request, QUERY, now));
        return request.number();
    }

    private void pass(Duration time) {
        long end = now + time.toNanos();
        for (int wakes = 0; client.wakeAt() != Long.MAX_VALUE && client.wakeAt() - end <= 0; wakes++) {
            assertThat(wakes).as("wakes").isLessThan(1_000);
            now = Math.max(now, client.wakeAt());
            effects.addAll(client.wake(now));
        }
        now = end;
    }

    private List<Effect.SendQuery> sent() {
        List<Effect.SendQuery> sent = effects.stream()
                .filter(Effect.SendQuery.class::isInstance)
                .map(Effect.SendQuery.class::cast)
                .toList();
        effects.clear();
        return sent;
    }

    private Effect.SendQuery one() {
        List<Effect.SendQuery> sent = sent();
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    private Effect.Fail failure() {
        return effects.stream()
                .filter(Effect.Fail.class::isInstance)
                .map(Effect.Fail.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private void answer(Effect.SendQuery to, String text) {
        Query query = to.rpc();
        effects.addAll(client.received(
                to.node(), new ClientRpc.Answer(query.life(), query.id(), 17, new Reply.Declined(text)), now));
    }

    private void refuse(Effect.SendQuery to, Refusal refusal) {
        Query query = to.rpc();
        effects.addAll(
                client.received(to.node(), new QueryRefused(query.life(), query.id(), refusal, "It is down."), now));
    }

    private List<Effect> answers() {
        List<Effect> answers =
                effects.stream().filter(Effect.QueryAnswer.class::isInstance).toList();
        effects.clear();
        return answers;
    }

    @Test
    void asksTheMembersInTurn() {
        joined();

        for (int i = 0; i < 6; i++) {
            ask(LONG);
        }

        assertThat(sent()).extracting(Effect.SendQuery::node).containsExactly("n2", "n3", "n1", "n2", "n3", "n1");
    }

    @Test
    void waitsUntilTheGroupIsKnown() {
        ask(LONG);
        assertThat(sent()).isEmpty();

        joined();

        assertThat(one().rpc().query()).isEqualTo(QUERY);
    }

    @Test
    void saysWhyTheGroupIsNotKnownWhenTheDeadlineComes() {
        effects.addAll(client.down("No node knows it.", now));
        ask(Duration.ofSeconds(1));

        pass(Duration.ofSeconds(1));

        assertThat(failure().failure()).isEqualTo(Failure.NO_LEADER);
        assertThat(failure().sentence()).contains("1,000 ms", "No node knows it.");
    }

    @Test
    void tellsTheNodeHowLongTheAskerStillWaits() {
        joined();
        ask(Duration.ofMillis(1_500));
        assertThat(one().rpc().patienceMillis()).isEqualTo(1_500);

        pass(T.multipliedBy(2));

        assertThat(one().rpc().patienceMillis()).isEqualTo(500);
    }

    @Test
    void asksAnotherNodeWhenOneIsSilent() {
        joined();
        long number = ask(LONG);
        Effect.SendQuery first = one();

        pass(T.multipliedBy(2));
        Effect.SendQuery second = one();
        answer(second, "done");

        assertThat(second.node()).isNotEqualTo(first.node());
        assertThat(second.rpc().id()).isEqualTo(first.rpc().id());
        assertThat(answers()).containsExactly(new Effect.QueryAnswer(number, 17, new Reply.Declined("done")));
        assertThat(client.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void takesTheFirstAnswerWhoeverGivesItAndNoSecondOne() {
        joined();
        ask(LONG);
        Effect.SendQuery first = one();
        pass(T.multipliedBy(2));
        Effect.SendQuery second = one();

        answer(first, "late");
        answer(second, "later");

        assertThat(answers()).containsExactly(new Effect.QueryAnswer(1, 17, new Reply.Declined("late")));
    }

    @Test
    void passesOverASilentNodeForAWhileThenTriesItWithOneQuery() {
        joined();
        ask(LONG);
        String silent = one().node();
        pass(T.multipliedBy(2));
        answer(one(), "done");
        effects.clear();

        for (int i = 0; i < 4; i++) {
            ask(LONG);
        }
        List<Effect.SendQuery> passedOver = sent();
        assertThat(passedOver).extracting(Effect.SendQuery::node).doesNotContain(silent);
        passedOver.forEach(each -> answer(each, "done"));

        pass(T.multipliedBy(4));
        effects.clear();
        for (int i = 0; i < 8; i++) {
            ask(LONG);
        }
        assertThat(sent()).extracting(Effect.SendQuery::node).containsOnlyOnce(silent);
    }

    @Test
    void aNodeThatAnswersIsInTurnAgain() {
        joined();
        ask(LONG);
        Effect.SendQuery slow = one();
        pass(T.multipliedBy(2));

        answer(slow, "late");
        effects.clear();
        for (int i = 0; i < 3; i++) {
            ask(LONG);
        }

        assertThat(sent()).extracting(Effect.SendQuery::node).contains(slow.node());
    }

    @Test
    void asksAnotherNodeAtOnceWhenOneRefuses() {
        joined();
        ask(LONG);
        Effect.SendQuery first = one();

        refuse(first, Refusal.CLOSED);

        assertThat(one().node()).isNotEqualTo(first.node());
    }

    @Test
    void pausesWhenAllHaveRefused() {
        joined();
        ask(LONG);
        for (int i = 0; i < 3; i++) {
            refuse(one(), Refusal.CLOSED);
        }
        assertThat(sent()).isEmpty();

        pass(T.dividedBy(5));

        assertThat(sent()).hasSize(1);
    }

    @Test
    void ignoresARefusalOfAFormerTry() {
        joined();
        ask(LONG);
        Effect.SendQuery first = one();
        pass(T.multipliedBy(2));
        effects.clear();

        refuse(first, Refusal.CLOSED);

        assertThat(sent()).isEmpty();
    }

    @Test
    void failsByTheDeadlineAndSaysWhoWasAskedAndWhy() {
        joined();
        ask(Duration.ofSeconds(2));
        refuse(one(), Refusal.CLOSED);

        pass(Duration.ofSeconds(2));

        assertThat(failure().failure()).isEqualTo(Failure.NO_LEADER);
        assertThat(failure().sentence()).contains("n2, n3", "last refusal: It is down.");
    }

    @Test
    void saysOverloadedIfThatWasTheLastRefusal() {
        joined();
        ask(Duration.ofMillis(90));
        for (int i = 0; i < 3; i++) {
            refuse(one(), Refusal.OVERLOADED);
        }

        pass(Duration.ofMillis(90));

        assertThat(failure().failure()).isEqualTo(Failure.OVERLOADED);
        assertThat(failure().retryAfter()).isPositive();
    }

    @Test
    void ignoresAnswersToAnotherLife() {
        joined();
        ask(LONG);
        Query query = one().rpc();

        effects.addAll(client.received(
                "n2", new ClientRpc.Answer(Driver.strangeLife(), query.id(), 17, new Reply.Declined("x")), now));
        effects.addAll(client.received(
                "n2", new QueryRefused(Driver.strangeLife(), query.id(), Refusal.CLOSED, "It is down."), now));

        assertThat(effects).isEmpty();
    }

    @Test
    void boundsTheQueriesThatWait() {
        joined();
        for (int i = 0; i < Queries.QUERIES_MAX; i++) {
            ask(LONG);
        }
        effects.clear();

        ask(LONG);

        assertThat(failure().failure()).isEqualTo(Failure.OVERLOADED);
        assertThat(failure().sentence()).contains("10,000 queries");
        assertThat(failure().retryAfter()).isPositive();
    }

    @Test
    void boundsTheirBytesAndHasRoomAgainWhenOneIsAnswered() {
        Client small = client(2L * QUERY.size());
        small.members(THREE, now);
        small.known(false, now);
        List<Effect> first = small.query(new Request(1, now, now + LONG.toNanos()), QUERY, now);
        small.query(new Request(2, now, now + LONG.toNanos()), QUERY, now);

        List<Effect> third = small.query(new Request(3, now, now + LONG.toNanos()), QUERY, now);
        Query asked = ((Effect.SendQuery) first.get(0)).rpc();
        small.received("n2", new ClientRpc.Answer(asked.life(), asked.id(), 1, new Reply.Declined("x")), now);
        List<Effect> fourth = small.query(new Request(4, now, now + LONG.toNanos()), QUERY, now);

        assertThat(third).singleElement().isInstanceOf(Effect.Fail.class);
        assertThat(fourth).singleElement().isInstanceOf(Effect.SendQuery.class);
    }

    @Test
    void failsAllWhenItIsClosed() {
        joined();
        ask(LONG);
        effects.clear();

        effects.addAll(client.close("The node stops.", now));
        assertThat(failure().failure()).isEqualTo(Failure.CLOSED);
        effects.clear();
        ask(LONG);

        assertThat(failure().failure()).isEqualTo(Failure.CLOSED);
        assertThat(client.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void asksThoseWhoAreMembersNow() {
        joined();

        effects.addAll(client.members(List.of("n4"), now));
        ask(LONG);
        ask(LONG);

        assertThat(sent()).extracting(Effect.SendQuery::node).containsOnly("n4");
    }

    @Test
    void aCommandIsSentToAMemberAndNotToTheNodeItself() {
        Request request = new Request(++lastNumber, now, now + LONG.toNanos());
        effects.addAll(client.ask(request, QUERY, now));
        effects.addAll(client.flush(now));
        assertThat(effects).noneMatch(Effect.Send.class::isInstance);

        joined();

        assertThat(effects)
                .filteredOn(Effect.Send.class::isInstance)
                .extracting(effect -> ((Effect.Send) effect).node())
                .containsOnly("n1");
    }

    /** Nodes answer, refuse or are silent as it comes; messages are late, lost and doubled. */
    @RepeatedTest(50)
    void eachQueryEndsOnceByItsDeadlineAndIsAnsweredIfAnyNodeIsWell(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition() * 7_919L;
        Random random = new Random(seed);
        System.out.println("QueriesTest seed " + seed);
        joined();
        String well = THREE.get(random.nextInt(3));
        Map<Long, Long> deadlines = new HashMap<>();
        TreeSet<Long> answered = new TreeSet<>();
        TreeSet<Long> failed = new TreeSet<>();
        TreeMap<Long, List<Effect.SendQuery>> onTheWay = new TreeMap<>();

        for (int step = 0; step < 2_000; step++) {
            now += random.nextInt(20_000_000);
            if (random.nextInt(4) == 0 && step < 1_000) {
                long number = ask(Duration.ofMillis(8_000 + random.nextInt(4_000)));
                deadlines.put(number, now + LONG.toNanos() + 2_000_000_000L);
            }
            if (client.wakeAt() != Long.MAX_VALUE && client.wakeAt() - now <= 0) {
                effects.addAll(client.wake(now));
            }
            for (Map.Entry<Long, List<Effect.SendQuery>> due :
                    List.copyOf(onTheWay.headMap(now, true).entrySet())) {
                onTheWay.remove(due.getKey());
                due.getValue().forEach(send -> react(send, well, random));
            }
            for (Effect effect : List.copyOf(effects)) {
                if (effect instanceof Effect.SendQuery send) {
                    onTheWay.computeIfAbsent(now + random.nextInt(50_000_000), at -> new ArrayList<>())
                            .add(send);
                } else if (effect instanceof Effect.QueryAnswer answer) {
                    assertThat(answered.add(answer.number())).as("seed " + seed).isTrue();
                } else if (effect instanceof Effect.Fail fail) {
                    failed.add(fail.number());
                }
            }
            effects.clear();
        }

        assertThat(failed).as("seed " + seed).isEmpty();
        assertThat(answered).as("seed " + seed).isEqualTo(deadlines.keySet());
        assertThat(client.wakeAt()).as("seed " + seed).isEqualTo(Long.MAX_VALUE);
    }

    private void react(Effect.SendQuery send, String well, Random random) {
        int what = send.node().equals(well) ? 0 : random.nextInt(4);
        if (what == 0) {
            answer(send, "done");
        } else if (what == 1) {
            refuse(send, Refusal.CLOSED);
        } else if (what == 2) {
            refuse(send, Refusal.OVERLOADED);
            answer(send, "doubled");
        }
    }
}
