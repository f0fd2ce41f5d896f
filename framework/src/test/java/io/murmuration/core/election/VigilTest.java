package io.murmuration.core.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Peer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class VigilTest {
    private static final long T = Rig.T.toNanos();
    private static final long SPAN = T / 4 * 3;
    private static final Peer LIFE = new Peer("n2", new UUID(0, 1));
    private static final Peer NEXT_LIFE = new Peer("n2", new UUID(0, 2));

    private final Vigil vigil = new Vigil(T);

    @Test
    void tellsEachGroupOnceThatANodeFellSilentAndSinceWhen() {
        vigil.rely("g1", List.of("n2", "n3"), 0);
        vigil.rely("g2", List.of("n2"), 0);
        assertThat(vigil.heard(LIFE, 10)).isEmpty();

        assertThat(vigil.look(SPAN - 1)).isEmpty();
        assertThat(vigil.look(SPAN)).containsExactly(new Vigil.Silent("g1", "n3", 0));
        assertThat(vigil.look(SPAN + 10))
                .containsExactly(new Vigil.Silent("g1", "n2", 10), new Vigil.Silent("g2", "n2", 10));
        assertThat(vigil.look(10 * T)).isEmpty();
        assertThat(vigil.nodes()).isEmpty();
    }

    @Test
    void aNodeThatIsHeardIsNotSilentUnlessItWasRestarted() {
        vigil.rely("g1", List.of("n2"), 0);
        for (long now = 0; now < 10 * T; now += T / 2) {
            assertThat(vigil.heard(LIFE, now)).isEmpty();
            assertThat(vigil.look(now)).isEmpty();
        }

        assertThat(vigil.heard(NEXT_LIFE, 10 * T)).containsExactly(new Vigil.Silent("g1", "n2", 9 * T + T / 2));
    }

    @Test
    void whoIsAwakeIsToldNothing() {
        vigil.rely("g1", List.of("n2"), 0);
        vigil.rely("g1", List.of(), 1);

        assertThat(vigil.nodes()).isEmpty();
        assertThat(vigil.look(10 * T)).isEmpty();
    }

    @Test
    void onlyTheGroupThatLeftItsNodeIsTold() {
        vigil.rely("g1", List.of("n2"), 0);
        vigil.rely("g2", List.of("n2"), 0);

        assertThat(vigil.left("n2", "g1", 5)).containsExactly(new Vigil.Silent("g1", "n2", 5));
        assertThat(vigil.left("n2", "g1", 5)).isEmpty();
        assertThat(vigil.left("n3", "g2", 5)).isEmpty();
        assertThat(vigil.nodes()).containsExactly("n2");
    }

    /** The word of the end is not held up behind the group's own messages. */
    @Test
    void whoFallsAsleepBehindTheWordOfTheEndIsToldAtOnce() {
        vigil.left("n2", "g1", 5);

        assertThat(vigil.rely("g1", List.of("n2", "n3"), 6)).containsExactly(new Vigil.Silent("g1", "n2", 6));
        assertThat(vigil.rely("g2", List.of("n2"), 6)).isEmpty();

        vigil.speaks("n2", "g1");

        assertThat(vigil.rely("g1", List.of("n2"), 7)).isEmpty();
        assertThat(vigil.nodes()).containsExactly("n2");
    }

    @Test
    void whoeverAGroupReliedOnIsToBeToldOfItsEnd() {
        vigil.rely("g1", List.of("n2", "n3"), 0);
        vigil.rely("g2", List.of("n3"), 0);

        assertThat(vigil.ended("g1")).containsExactly("n2", "n3");
        assertThat(vigil.nodes()).containsExactly("n3");
    }

    @Test
    void whoMayRelyOnThisNodeIsToldOfTheEndOfAGroup() {
        vigil.heard(LIFE, 0);

        assertThat(vigil.ended("g1")).containsExactly("n2");
    }

    @Test
    void aNodeThatRestartsBeforeItIsHeardAgainIsNotTakenForAwake() {
        vigil.heard(LIFE, 0);
        vigil.rely("g1", List.of("n2"), 1);

        assertThat(vigil.heard(NEXT_LIFE, 2)).containsExactly(new Vigil.Silent("g1", "n2", 1));
    }

    @Test
    void aNodeThatIsReliedOnAnewStartsAnew() {
        vigil.rely("g1", List.of("n2"), 0);
        assertThat(vigil.look(T)).hasSize(1);

        vigil.rely("g1", List.of("n2"), 5 * T);

        assertThat(vigil.look(5 * T + SPAN - 1)).isEmpty();
    }
}
