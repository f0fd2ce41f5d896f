package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.util.Version;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class SightingsTest {
    /** What a member has before the cluster has taken it in. */
    private static final int NOT_UP = Integer.MAX_VALUE;

    private final Sightings sightings = new Sightings();
    private final Member old = member("n3", 9, 3, MemberStatus.up());
    private final Member young = member("n3", 1, NOT_UP, MemberStatus.joining());

    private static Member member(String node, int port, int upNumber, MemberStatus status) {
        Set<String> roles = Set.of("dc-default", "web", Sightings.ROLE + node);
        return new Member(
                new UniqueAddress(address(port), (long) port),
                upNumber,
                status,
                CollectionConverters.asScala(roles).<String>toSet(),
                Version.Zero());
    }

    private static Address address(int port) {
        return new Address("pekko", "murmuration", "127.0.0.1", port);
    }

    @Test
    void knowsANodeByItsRole() {
        sightings.seen(old);

        assertThat(Sightings.node(old)).contains("n3");
        assertThat(sightings.whereIs("n3")).contains(address(9));
        assertThat(sightings.whereIs("n1")).isEmpty();
        assertThat(sightings.left("n1")).isEmpty();
    }

    @Test
    void meansTheYoungerOneInWhateverOrderTheyAreTold() {
        sightings.seen(young);
        sightings.seen(old);

        assertThat(sightings.whereIs("n3")).contains(address(1));
        assertThat(sightings.left("n3")).as("the old one may live").isEmpty();

        sightings.seen(young.copyUp(4));

        assertThat(sightings.whereIs("n3")).contains(address(1));
    }

    @Test
    void meansTheOneThatCameLaterOfTwoThatAreNotTakenIn() {
        sightings.seen(member("n3", 5, NOT_UP, MemberStatus.weaklyUp()));
        sightings.seen(young);
        assertThat(sightings.whereIs("n3")).contains(address(1));

        sightings.seen(member("n3", 7, NOT_UP, MemberStatus.joining()));

        assertThat(sightings.whereIs("n3")).contains(address(7));
    }

    @Test
    void meansTheOneThatCanBeReachedAndTakesOnlyItsDeadPredecessorOut() {
        sightings.seen(old);
        sightings.reachable(old, false);
        assertThat(sightings.whereIs("n3")).contains(address(9));
        assertThat(sightings.left("n3")).as("it is nowhere else").isEmpty();

        sightings.seen(young);
        assertThat(sightings.whereIs("n3")).contains(address(1));
        assertThat(sightings.left("n3")).containsExactly(old.uniqueAddress());

        sightings.seen(young.copyUp(4));
        sightings.reachable(young, false);
        sightings.reachable(old, true);
        assertThat(sightings.whereIs("n3")).contains(address(9));
        assertThat(sightings.left("n3")).as("the younger one stays").isEmpty();
    }

    @Test
    void believesThatOneIsDeadBeforeItIsToldOfIt() {
        sightings.reachable(old, false);
        sightings.seen(old);
        sightings.seen(young);

        assertThat(sightings.left("n3")).containsExactly(old.uniqueAddress());
    }

    @Test
    void forgetsWhoIsRemovedAndDoesNotTurnToWhoLeaves() {
        sightings.seen(old);
        sightings.seen(young);
        sightings.seen(old.copy(MemberStatus.leaving()));
        assertThat(sightings.whereIs("n3")).contains(address(1));

        sightings.seen(member("n3", 9, 3, MemberStatus.removed()));
        sightings.seen(member("n3", 1, NOT_UP, MemberStatus.removed()));

        assertThat(sightings.whereIs("n3")).isEmpty();
    }
}
