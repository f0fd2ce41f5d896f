package io.murmuration.core.founding;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.founding.Founding.Join;
import io.murmuration.core.founding.Founding.Persist;
import io.murmuration.core.founding.Founding.Send;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.FoundingRpc.AreYouEmpty;
import io.murmuration.core.model.FoundingRpc.Empty;
import io.murmuration.core.model.FoundingRpc.Found;
import io.murmuration.core.model.FoundingRpc.Invited;
import io.murmuration.core.model.FoundingRpc.Knows;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord.Founded;
import io.murmuration.core.model.StoreRecord.Prepared;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FoundingTest {
    private static final List<String> FOUNDERS = List.of("n1", "n2", "n3");
    private static final UUID GROUP = new UUID(7, 7);
    private static final Peer N1 = new Peer("n1", new UUID(0, 1));
    private static final Peer N2 = new Peer("n2", new UUID(0, 2));
    private static final Peer N3 = new Peer("n3", new UUID(0, 3));
    private static final Peer N4 = new Peer("n4", new UUID(0, 4));
    private static final Members ALL = Members.voting(List.of(N1, N2, N3));

    private static final Recovered KNOWN =
            new Recovered(N1.incarnation(), GROUP, Ballot.NONE, EntryId.NONE, ALL, List.of());

    private static Founding node(Peer self, @Nullable UUID inStore) {
        return new Founding(self.node(), FOUNDERS, true, inStore, self.incarnation(), GROUP);
    }

    private static Founding prepared(Peer self) {
        Founding node = node(self, self.incarnation());
        node.start(Recovered.NOTHING);
        return node;
    }

    @Test
    void saysThatItIsEmptyOnlyOnceItsIncarnationIsDurable() {
        Founding n2 = node(N2, null);

        assertThat(n2.start(Recovered.NOTHING)).containsExactly(new Persist(new Prepared(N2.incarnation())));
        assertThat(n2.on("n1", new AreYouEmpty())).isEmpty();
        n2.written();

        assertThat(n2.on("n1", new AreYouEmpty())).containsExactly(new Send("n1", new Empty(N2.incarnation())));
    }

    @Test
    void foundsOnceEveryFounderHasSaidThatItIsEmpty() {
        Founding n1 = prepared(N1);

        assertThat(n1.on("n2", new Empty(N2.incarnation()))).isEmpty();
        assertThat(n1.obstacle()).get().asString().contains("n3").doesNotContain("n2,");

        assertThat(n1.on("n3", new Empty(N3.incarnation()))).containsExactly(new Persist(new Founded(GROUP, ALL)));
    }

    @Test
    void joinsAndTellsTheOthersOnlyOnceTheGroupIsDurable() {
        Founding n1 = prepared(N1);
        n1.on("n2", new Empty(N2.incarnation()));
        n1.on("n3", new Empty(N3.incarnation()));

        assertThat(n1.on("n2", new AreYouEmpty()))
                .as("neither empty nor founded")
                .isEmpty();

        assertThat(n1.written())
                .containsExactly(
                        new Join(GROUP, N1, ALL),
                        new Send("n2", new Found(GROUP, ALL)),
                        new Send("n3", new Found(GROUP, ALL)));
    }

    @Test
    void onlyTheFirstNamedFounderFounds() {
        Founding n2 = prepared(N2);

        n2.on("n1", new Empty(N1.incarnation()));

        assertThat(n2.on("n3", new Empty(N3.incarnation()))).isEmpty();
    }

    @Test
    void neverFoundsWhereTheConfigurationForbidsIt() {
        Founding n1 = new Founding("n1", FOUNDERS, false, N1.incarnation(), N1.incarnation(), GROUP);
        n1.start(Recovered.NOTHING);

        n1.on("n2", new Empty(N2.incarnation()));

        assertThat(n1.on("n3", new Empty(N3.incarnation()))).isEmpty();
    }

    @Test
    void neverFoundsOnceSomebodyKnowsTheGroup() {
        Founding n1 = prepared(N1);
        Members others = Members.voting(List.of(new Peer("n1", new UUID(0, 99)), N2, N3));

        n1.on("n2", new Knows(new UUID(8, 8), others, others));
        n1.on("n2", new Empty(N2.incarnation()));

        assertThat(n1.on("n3", new Empty(N3.incarnation()))).isEmpty();
        assertThat(n1.tick()).doesNotHaveAnyElementsOfTypes(Persist.class);
        assertThat(n1.obstacle()).get().asString().contains("lost or replaced");
    }

    @Test
    void aLostDiskNeedsAnOperatorAndSaysWhichGroupServesItsClients() {
        Founding wiped = prepared(new Peer("n2", new UUID(0, 22)));
        assertThat(wiped.needsOperator()).isFalse();
        assertThat(wiped.elsewhere()).isEmpty();

        wiped.on("n1", new Knows(GROUP, ALL, ALL));
        wiped.on("n3", new Knows(new UUID(8, 8), ALL, ALL));

        assertThat(wiped.needsOperator()).isTrue();
        assertThat(wiped.elsewhere()).contains(GROUP);
        assertThat(wiped.obstacle()).get().asString().contains("never with an older copy", "goes on without it");
    }

    @Test
    void whoJoinedIsServedByItsOwnReplica() {
        Founding n2 = prepared(N2);

        n2.on("n1", new Found(GROUP, ALL));
        n2.written();

        assertThat(n2.elsewhere()).isEmpty();
        assertThat(n2.needsOperator()).isFalse();
    }

    @Test
    void aMemberKnowsAStrangerByItsIncarnation() {
        Founding n1 = node(N1, N1.incarnation());
        Peer wiped = new Peer("n2", new UUID(0, 22));
        assertThat(n1.stranger(wiped)).as("knows no member yet").isEmpty();

        n1.start(KNOWN);

        assertThat(n1.stranger(N2)).isEmpty();
        assertThat(n1.stranger(wiped)).get().asString().contains("n2", "lost or replaced", "two processes");
        assertThat(n1.stranger(new Peer("n4", new UUID(0, 4)))).as("not named").isEmpty();
    }

    @Test
    void writesTheGroupIffItNamesTheIncarnationThatIsPrepared() {
        Founding n2 = prepared(N2);
        Founding wiped = prepared(new Peer("n2", new UUID(0, 22)));

        assertThat(n2.on("n1", new Found(GROUP, ALL))).containsExactly(new Persist(new Founded(GROUP, ALL)));

        assertThat(wiped.on("n1", new Found(GROUP, ALL))).containsExactly(new Send("n1", new Empty(new UUID(0, 22))));
        assertThat(wiped.obstacle()).get().asString().contains("lost or replaced", "n2");
    }

    @Test
    void aNodeThatIsNotNamedWaitsToBeAdded() {
        Founding n4 = new Founding("n4", FOUNDERS, true, new UUID(0, 4), new UUID(0, 4), GROUP);
        n4.start(Recovered.NOTHING);

        n4.on("n1", new Knows(GROUP, ALL, ALL));

        assertThat(n4.obstacle()).get().asString().contains("waits to be added");
    }

    @Test
    void aLostFoundIsMadeGoodWhenTheOtherAsks() {
        Founding n1 = node(N1, N1.incarnation());
        n1.start(KNOWN);

        assertThat(n1.on("n3", new AreYouEmpty())).containsExactly(new Send("n3", new Knows(GROUP, ALL, ALL)));
        assertThat(n1.on("n3", new Empty(N3.incarnation()))).containsExactly(new Send("n3", new Found(GROUP, ALL)));
        assertThat(n1.on("n3", new Empty(new UUID(0, 33)))).as("another disk").isEmpty();
    }

    @Test
    void adoptsTheGroupFromAnyNodeThatKnowsIt() {
        Founding n3 = prepared(N3);

        assertThat(n3.on("n2", new Knows(GROUP, ALL, ALL))).containsExactly(new Persist(new Founded(GROUP, ALL)));
        assertThat(n3.written()).startsWith(new Join(GROUP, N3, ALL));
    }

    @Test
    void staysInItsGroupWhateverAnotherOneSays() {
        Founding n2 = node(N2, N2.incarnation());
        n2.start(KNOWN);

        assertThat(n2.on("n1", new Found(new UUID(8, 8), ALL)))
                .containsExactly(new Send("n1", new Knows(GROUP, ALL, ALL)));
        assertThat(n2.obstacle()).get().asString().contains("Another group of this name");
    }

    @Test
    void aGroupOfOneIsFoundedAtOnce() {
        Founding alone = new Founding("n1", List.of("n1"), true, null, N1.incarnation(), GROUP);

        assertThat(alone.start(Recovered.NOTHING)).containsExactly(new Persist(new Prepared(N1.incarnation())));
        assertThat(alone.written()).containsExactly(new Persist(new Founded(GROUP, Members.voting(List.of(N1)))));
        assertThat(alone.written()).containsExactly(new Join(GROUP, N1, Members.voting(List.of(N1))));
    }

    @Test
    void anInvitedNodeWritesWhatTheGroupWasFoundedWithAndJoins() {
        Founding n4 = prepared(N4);
        n4.on("n1", new Knows(GROUP, ALL, ALL));
        boolean waits = n4.needsOperator();

        List<Founding.Effect> invited = n4.on("n1", new Invited(GROUP, ALL, N4));
        List<Founding.Effect> doubled = n4.on("n1", new Invited(GROUP, ALL, N4));
        List<Founding.Effect> written = n4.written();

        assertThat(waits).isTrue();
        assertThat(invited).containsExactly(new Persist(new Founded(GROUP, ALL)));
        assertThat(doubled).isEmpty();
        assertThat(written).contains(new Join(GROUP, N4, ALL));
        assertThat(n4.obstacle()).isEmpty();
        assertThat(n4.on("n1", new Invited(GROUP, ALL, N4))).as("a late one").isEmpty();
        assertThat(n4.obstacle()).isEmpty();
    }

    @Test
    void nobodyJoinsWithoutTheMembersThatTheGroupWasFoundedWith() {
        Founding n2 = prepared(N2);
        Founding n4 = prepared(N4);

        List<Founding.Effect> known = n2.on("n1", new Knows(GROUP, ALL, Members.NONE));
        List<Founding.Effect> invited = n4.on("n1", new Invited(GROUP, Members.NONE, N4));

        assertThat(known).isEmpty();
        assertThat(invited).isEmpty();
        assertThat(n2.on("n3", new Knows(GROUP, ALL, ALL))).containsExactly(new Persist(new Founded(GROUP, ALL)));
        assertThat(n4.on("n1", new Invited(GROUP, ALL, N4))).containsExactly(new Persist(new Founded(GROUP, ALL)));
    }

    @Test
    void anInvitationForAnotherLifeOfTheDiskIsNothing() {
        Founding n4 = prepared(N4);

        assertThat(n4.on("n1", new Invited(GROUP, ALL, new Peer("n4", new UUID(0, 44)))))
                .isEmpty();
        assertThat(n4.needsOperator()).isFalse();
    }

    @Test
    void anInvitationComesTooEarlyWhileTheIncarnationIsNotDurable() {
        Founding n4 = node(N4, null);
        n4.start(Recovered.NOTHING);

        assertThat(n4.on("n1", new Invited(GROUP, ALL, N4))).isEmpty();
        n4.written();
        assertThat(n4.on("n1", new Invited(GROUP, ALL, N4))).containsExactly(new Persist(new Founded(GROUP, ALL)));
    }

    @Test
    void anInvitationIntoAnotherGroupIsAnObstacle() {
        Founding n1 = prepared(N1);
        n1.start(KNOWN);

        assertThat(n1.on("n2", new Invited(new UUID(8, 8), ALL, N1))).isEmpty();
        assertThat(n1.obstacle()).get().asString().contains("Another group of this name exists");
    }

    @Test
    void aLostDiskIsInvitedUnderItsNewLife() {
        Peer wiped = new Peer("n2", new UUID(0, 22));
        Founding n2 = prepared(wiped);
        n2.on("n1", new Knows(GROUP, ALL, ALL));

        assertThat(n2.on("n1", new Invited(GROUP, ALL, wiped))).containsExactly(new Persist(new Founded(GROUP, ALL)));
    }

    /** A snapshot, and all members of later, may lie behind: what is written is never anything but index 0. */
    @Test
    void membersOfLaterAreNeverWrittenAsThoseOfTheFounding() {
        Members later = new Members(ALL.voters(), List.of(), List.of(N4));
        Founding known = prepared(N4);

        assertThat(known.on("n1", new Knows(GROUP, later, ALL))).containsExactly(new Persist(new Founded(GROUP, ALL)));
    }

    @Test
    void whoHasCompactedItsLogStillTellsWhatTheGroupWasFoundedWith() {
        Founding n1 = node(N1, N1.incarnation());
        Members later = new Members(ALL.voters(), List.of(), List.of(N4));

        n1.start(new Recovered(N1.incarnation(), GROUP, new Ballot(1, null), new EntryId(9, 1), ALL, later, List.of()));

        assertThat(n1.on("n4", new AreYouEmpty())).containsExactly(new Send("n4", new Knows(GROUP, later, ALL)));
        assertThat(n1.on("n4", new Empty(N4.incarnation())))
                .containsExactly(new Send("n4", new Invited(GROUP, ALL, N4)));
        assertThat(n1.invite(N4)).containsExactly(new Send("n4", new Invited(GROUP, ALL, N4)));
    }

    @Test
    void theMembersInForceSayWhoIsAStranger() {
        Founding n1 = prepared(N1);
        n1.start(KNOWN);
        Peer wiped = new Peer("n2", new UUID(0, 22));

        boolean before = n1.stranger(wiped).isPresent();
        n1.membersAre(new Members(ALL.voters(), List.of(), List.of(wiped)));

        assertThat(before).isTrue();
        assertThat(n1.stranger(wiped)).isEmpty();
    }

    @Test
    void tellsTheLogWhoANodeIsUnlessItIsOfAnotherGroup() {
        Founding n1 = prepared(N1);
        n1.start(KNOWN);

        assertThat(n1.met(N4, new Empty(N4.incarnation()))).contains(N4);
        assertThat(n1.met(N4, new AreYouEmpty())).contains(N4);
        assertThat(n1.met(N2, new Knows(GROUP, ALL, ALL))).contains(N2);
        assertThat(n1.met(N2, new Knows(new UUID(8, 8), ALL, ALL))).isEmpty();
    }

    /** Members have changed, and all founders are gone or wiped: who was added later knows the group. */
    @Test
    void foundsNoSecondGroupWhileANodeThatIsKnownKnowsTheFirst() {
        Founding n1 = new Founding("n1", List.of("n1"), true, N1.incarnation(), N1.incarnation(), GROUP);
        n1.contacts(List.of("n1", "n4"));

        assertThat(n1.start(Recovered.NOTHING)).containsExactly(new Send("n4", new AreYouEmpty()));
        assertThat(n1.tick()).containsExactly(new Send("n4", new AreYouEmpty()));
        n1.on("n4", new Knows(new UUID(8, 8), Members.voting(List.of(N4)), Members.NONE));

        for (int tick = 0; tick < 10; tick++) {
            assertThat(n1.tick()).noneMatch(Persist.class::isInstance);
        }
        assertThat(n1.needsOperator()).isTrue();
    }

    @Test
    void waitsAsLongForWhoIsKnownLate() {
        Founding n1 = new Founding("n1", List.of("n1", "n2"), true, N1.incarnation(), N1.incarnation(), GROUP);
        n1.start(Recovered.NOTHING);
        for (int tick = 0; tick < 6; tick++) {
            n1.tick();
        }
        n1.contacts(List.of("n1", "n2", "n4"));

        assertThat(n1.on("n2", new Empty(N2.incarnation()))).noneMatch(Persist.class::isInstance);
        assertThat(n1.tick()).contains(new Send("n4", new AreYouEmpty())).noneMatch(Persist.class::isInstance);
        n1.on("n4", new Knows(new UUID(8, 8), Members.voting(List.of(N4)), Members.voting(List.of(N4))));

        for (int tick = 0; tick < 10; tick++) {
            assertThat(n1.tick()).noneMatch(Persist.class::isInstance);
        }
    }

    @Test
    void foundsWithoutThoseWhoAreKnownAndDoNotAnswer() {
        Founding n1 = new Founding("n1", List.of("n1"), true, N1.incarnation(), N1.incarnation(), GROUP);
        n1.contacts(List.of("n1", "n4"));
        n1.start(Recovered.NOTHING);
        n1.tick();
        n1.tick();
        n1.tick();

        assertThat(n1.tick()).containsExactly(new Persist(new Founded(GROUP, Members.voting(List.of(N1)))));
    }
}
