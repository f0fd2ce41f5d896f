package io.murmuration.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.FoundingRpc.Empty;
import io.murmuration.core.model.FoundingRpc.Knows;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a node without a replica finds a group. */
class LookupTest {
    private static final Duration T = Duration.ofMillis(500);
    private static final UUID BANK = new UUID(1, 2);
    private static final UUID OTHER = new UUID(3, 4);
    private static final List<String> CONTACTS = List.of("n1", "n2", "n3", "web");

    private final Lookup lookup = new Lookup("bank", "web", T);
    private long now = 1_000;

    private static FoundingRpc knows(UUID group, String... members) {
        return new Knows(
                group,
                Members.voting(Arrays.stream(members)
                        .map(name -> new Peer(name, new UUID(9, name.hashCode())))
                        .toList()),
                Members.NONE);
    }

    private void pass(int halves) {
        now += halves * T.toNanos() / 2;
    }

    @Test
    void asksAllContactsButItself() {
        assertThat(lookup.tick(CONTACTS, now)).containsExactly("n1", "n2", "n3");
    }

    @Test
    void asksAFewAtATimeAndAllInTurn() {
        List<String> many = IntStream.range(0, 12).mapToObj(i -> "m" + i).toList();

        assertThat(lookup.tick(many, now)).containsExactly("m0", "m1", "m2", "m3", "m4");
        assertThat(lookup.tick(many, now)).containsExactly("m5", "m6", "m7", "m8", "m9");
        assertThat(lookup.tick(many, now)).containsExactly("m10", "m11", "m0", "m1", "m2");
    }

    @Test
    void takesTheGroupAndItsMembersFromWhoeverKnowsThem() {
        lookup.tick(CONTACTS, now);

        Lookup.Known known = lookup.heard("n2", knows(BANK, "n1", "n2", "n5"), now);

        assertThat(known).isEqualTo(new Lookup.Known(BANK, false, List.of("n2", "n1", "n5")));
        assertThat(lookup.obstacle()).isNull();
    }

    @Test
    void followsMembersThatMovedOn() {
        lookup.heard("n2", knows(BANK, "n1", "n2", "n3"), now);
        assertThat(lookup.tick(CONTACTS, now)).as("fresh").isEmpty();

        pass(20);
        List<String> asked = lookup.tick(CONTACTS, now);
        Lookup.Known known = lookup.heard("n1", knows(BANK, "n1", "n4", "n5"), now);

        assertThat(asked).hasSize(1);
        assertThat(known).isEqualTo(new Lookup.Known(BANK, false, List.of("n1", "n4", "n5")));
    }

    @Test
    void asksOneAfterTheOtherUntilOneAnswersWhenWhatItKnowsIsOld() {
        lookup.heard("n4", knows(BANK, "n4", "n5"), now);
        pass(20);

        List<String> asked = IntStream.range(0, 5)
                .mapToObj(i -> lookup.tick(CONTACTS, now).get(0))
                .toList();

        assertThat(asked).containsExactlyInAnyOrder("n4", "n5", "n1", "n2", "n3");
    }

    @Test
    void saysNothingNewOfTheSameMembers() {
        lookup.heard("n2", knows(BANK, "n1", "n2", "n3"), now);

        assertThat(lookup.heard("n3", knows(BANK, "n1", "n2", "n3"), now)).isNull();
    }

    @Test
    void anotherGroupOfTheNameIsNotTakenWhileTheFormerIsKnown() {
        lookup.heard("n1", knows(BANK, "n1"), now);
        for (int i = 0; i < 20; i++) {
            pass(20);
            lookup.heard("n1", knows(BANK, "n1"), now);
            assertThat(lookup.heard("n2", knows(OTHER, "n2"), now)).isNull();
        }
    }

    @Test
    void anotherGroupOfTheNameIsTakenWhenNobodyHasKnownTheFormerForLong() {
        lookup.heard("n1", knows(BANK, "n1"), now);
        pass(2 * Lookup.FORGET - 1);
        assertThat(lookup.heard("n2", knows(OTHER, "n2"), now)).isNull();

        pass(1);

        assertThat(lookup.heard("n2", knows(OTHER, "n2"), now)).isEqualTo(new Lookup.Known(OTHER, true, List.of("n2")));
    }

    @Test
    void whoIsEmptyOrFoundsTellsNoGroup() {
        assertThat(lookup.heard("n1", new Empty(new UUID(5, 6)), now)).isNull();
        assertThat(lookup.heard("n1", new FoundingRpc.AreYouEmpty(), now)).isNull();
        assertThat(lookup.heard("n1", new FoundingRpc.Found(BANK, Members.voting(List.of(new Peer("n1", BANK)))), now))
                .isNull();
    }

    @Test
    void saysWhoDidNotAnswerAndWhoHasNoGroupYet() {
        lookup.tick(CONTACTS, now);
        lookup.heard("n1", new Empty(new UUID(5, 6)), now);

        assertThat(lookup.obstacle())
                .contains("not founded yet as far as these know: n1.")
                .contains("No answer came from n2, n3:")
                .contains("cannot reach web");
    }

    @Test
    void saysThatItKnowsNobodyToAsk() {
        lookup.tick(List.of("web"), now);

        assertThat(lookup.obstacle()).contains("knows of no other node", "murmuration.members");
    }
}
