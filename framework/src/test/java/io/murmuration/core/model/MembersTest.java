package io.murmuration.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final Peer A = new Peer("a", new UUID(0, 1));
    private static final Peer B = new Peer("b", new UUID(0, 2));
    /** A lower incarnation than the old one: age is not in its number. */
    private static final Peer NEW_B = new Peer("b", new UUID(0, 1));

    @Test
    void everyoneIsReachableWhileNamesDiffer() {
        Members members = new Members(List.of(A), List.of(B), List.of(new Peer("c", new UUID(0, 3))));

        assertThat(members.reachable())
                .containsExactlyElementsOf(members.everyone().toList());
    }

    @Test
    void ofTwoIncarnationsTheLearnerIsTheNewerOne() {
        Members members = new Members(List.of(A, B), List.of(), List.of(NEW_B));

        assertThat(members.reachable()).containsExactly(A, NEW_B);
        assertThat(members.named("b")).contains(NEW_B);
    }

    @Test
    void ofTwoIncarnationsTheVoterIsNewerThanTheOutgoingOne() {
        Members members = new Members(List.of(A, NEW_B), List.of(A, B), List.of());

        assertThat(members.reachable()).containsExactly(A, NEW_B);
        assertThat(members.votes(B)).as("it still counts, as somebody silent").isTrue();
    }

    @Test
    void outgoingVotersAndLearnersBelongToTheGroup() {
        Members members = new Members(List.of(A), List.of(B), List.of());

        assertThat(members.contains(B)).isTrue();
        assertThat(members.contains(NEW_B)).isFalse();
        assertThat(members.joint()).isTrue();
        assertThat(Members.voting(List.of(A)).joint()).isFalse();
    }
}
