package io.murmuration.core.client;

import static io.murmuration.core.client.Driver.millis;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Open;
import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.ClientRpc.ReadIndex;
import io.murmuration.core.model.ClientRpc.Refusal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom to ask, as it shows in what is sent (§8). */
class LeaderSearchTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void asksAGuessWhoLeadsButGivesItNoCommand() {
        Driver driver = Driver.inSession();
        driver.leaderIs(2, null);

        driver.ask(LONG);
        driver.pass(Duration.ofSeconds(10));

        List<Effect.Send> sent = driver.take().stream()
                .filter(Effect.Send.class::isInstance)
                .map(Effect.Send.class::cast)
                .toList();
        assertThat(sent).extracting(Effect.Send::rpc).hasOnlyElementsOfType(ReadIndex.class);
        assertThat(sent).extracting(Effect.Send::node).contains("n1", "n2", "n3");
        assertThat(sent).hasSizeBetween(20, 45);
    }

    @Test
    void givesCommandsToAGuessThatHasConfirmedThatItLeads() {
        Driver driver = new Driver();
        driver.did(driver.client.up(false, driver.now));
        driver.ask(LONG);
        ReadIndex probe = driver.sent(ReadIndex.class);

        driver.answer("n1", new ClientRpc.ReadReady(probe.life(), probe.id(), 5));

        driver.sent(Open.class);
    }

    @Test
    void followsAHintAtOnceWithTheSameSerials() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);

        driver.refuse("n2", driver.sent(Propose.class), Refusal.NOT_LEADER, "n3", true);

        List<Effect> effects = driver.take();
        assertThat(effects).singleElement().isInstanceOfSatisfying(Effect.Send.class, send -> {
            assertThat(send.node()).isEqualTo("n3");
            assertThat(Driver.serials((Propose) send.rpc())).containsExactly(2L);
        });
    }

    @Test
    void followsTheHintOfARefusedOpen() {
        Driver driver = new Driver();
        driver.joined();
        driver.ask(LONG);
        Open open = driver.sent(Open.class);

        driver.answer(
                "n2", new ClientRpc.Refused(open.life(), open.batch(), List.of(), Refusal.NOT_LEADER, "n3", true));

        assertThat(driver.targets()).containsExactly("n3");
    }

    @Test
    void pausesAfterThreeHintsInARow() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        Propose propose = driver.sent(Propose.class);
        String from = "n2";
        for (int i = 0; i < LeaderSearch.HOPS_MAX; i++) {
            String to = from.equals("n2") ? "n3" : "n2";
            driver.refuse(from, propose, Refusal.NOT_LEADER, to, true);
            propose = driver.sent(Propose.class);
            from = to;
        }

        driver.refuse(from, propose, Refusal.NOT_LEADER, "n2", true);

        assertThat(driver.targets()).isEmpty();
        driver.pass(Driver.T.dividedBy(5));
        assertThat(driver.targets()).hasSize(1);
    }

    @Test
    void asksTheNextMemberAfterAPauseIfThereIsNoHint() {
        Driver driver = new Driver();
        driver.did(driver.client.up(false, driver.now));
        driver.ask(LONG);
        driver.refuse("n1", driver.sent(ReadIndex.class), null);

        driver.pass(millis(99));
        assertThat(driver.targets()).isEmpty();
        driver.pass(millis(1));

        assertThat(driver.targets()).containsExactly("n2");
    }

    @Test
    void newsOfALeaderEndsThePause() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        driver.refuse("n2", driver.sent(Propose.class), Refusal.NOT_LEADER, null, true);
        assertThat(driver.targets()).isEmpty();

        driver.leaderIs(2, "n3");

        assertThat(driver.targets()).containsExactly("n3");
    }

    @Test
    void aRefusalByTheFormerLeaderSaysNothingOfTheNewOne() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        Propose former = driver.sent(Propose.class);
        driver.leaderIs(2, "n3");
        driver.take();

        driver.refuse("n2", former, Refusal.NOT_LEADER, "n1", false);

        assertThat(driver.targets()).isEmpty();
    }

    @Test
    void staysWithASilentNodeOnlyIfTheOwnElectionSaysThatItLeads() {
        Driver driver = Driver.inSession();
        driver.ask(LONG);
        driver.take();
        driver.pass(Driver.T.multipliedBy(2));
        assertThat(driver.targets()).containsExactly("n2");

        driver.did(driver.client.down("It failed.", driver.now));
        driver.pass(Driver.T.multipliedBy(4));

        assertThat(driver.targets()).contains("n3").doesNotContain("n2");
    }

    @Test
    void believesAnyTermOfAReplicaThatWasStartedAnew() {
        Driver driver = Driver.inSession();
        driver.leaderIs(9, "n2");
        driver.did(driver.client.up(false, driver.now));
        driver.take();

        driver.leaderIs(3, "n3");
        driver.ask(LONG);

        assertThat(driver.targets()).containsExactly("n3");
    }

    @Test
    void aGuessThatIsNoMemberAnyMoreGivesWayAndALeaderDoesNot() {
        ClientSettings settings = new ClientSettings("bank", "n1", List.of("n1", "n2", "n3"), Driver.T, 1);
        LeaderSearch guessing = new LeaderSearch(settings);
        LeaderSearch sure = new LeaderSearch(settings);
        sure.heard(1, "n3");

        guessing.members(List.of("n4", "n5"));
        sure.members(List.of("n4", "n5"));

        assertThat(guessing.node()).isEqualTo("n4");
        assertThat(guessing.known()).isFalse();
        assertThat(sure.node()).isEqualTo("n3");
        sure.silent();
        assertThat(sure.node()).as("it is what the Election says").isEqualTo("n3");
    }

    /** The group has moved on: the next turn begins where this one's hints have led, however long the way is. */
    @Test
    void asksAlsoThoseToWhomHintsHaveLed() {
        Driver driver = Driver.inSession();
        driver.leaderIs(2, null);
        driver.ask(LONG);
        ReadIndex probe = driver.sent(ReadIndex.class);
        driver.answer("n1", new ClientRpc.ReadRefused(probe.life(), probe.id(), Refusal.NOT_LEADER, "n9"));
        driver.take();
        driver.leaderIs(3, null);

        driver.pass(Duration.ofSeconds(10));

        assertThat(driver.take())
                .filteredOn(Effect.Send.class::isInstance)
                .extracting(effect -> ((Effect.Send) effect).node())
                .filteredOn("n9"::equals)
                .hasSizeGreaterThan(2);
    }
}
