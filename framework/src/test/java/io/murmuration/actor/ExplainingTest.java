package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.Finding;
import io.murmuration.Finding.Kind;
import io.murmuration.core.client.Client;
import io.murmuration.core.client.ClientSettings;
import io.murmuration.core.client.Effect;
import io.murmuration.core.client.Request;
import io.murmuration.core.log.Logs;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.SnapshotRpc.Held;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Brings about what each sentence speaks of, with the cores that decide, and reads it. */
class ExplainingTest {
    private static final Duration T = Situation.T;

    @Test
    void saysThatAllIsWell() {
        Situation well = Situation.leading();
        well.proposes(3, 8);
        well.runs(T);

        assertThat(well.explained().findings()).isEmpty();
        assertThat(well.explained().words())
                .isEqualTo("All that n1 knows of is well: n1 leads term 1; the log of n1 ends at 4, is committed up to"
                        + " 4 and applied up to 4.");
    }

    @Test
    void staysSilentAboutWhatLastsForAMoment() {
        Situation busy = Situation.leading();
        busy.runs(T.multipliedBy(60));
        busy.diskHangs.addAll(List.of("n2", "n3", "n4", "n5"));

        busy.proposes(1, 8);
        busy.runs(T.dividedBy(2));

        assertThat(busy.explained().findings()).isEmpty();
    }

    @Test
    void namesAMemberThatIsSilent() {
        Situation situation = Situation.leading();
        situation.cut.add("n3");
        situation.proposes(2, 8);
        situation.runs(T.multipliedBy(4));

        assertThat(situation.explained().findings())
                .containsExactly(new Finding(
                        Kind.MEMBER_BEHIND,
                        "n3",
                        "n3 has not answered for 2.0 s and is known to hold the log up to 1 of 3."
                                + " See that it runs with this group and can be reached from here."));
    }

    @Test
    void namesAMemberThatNeverAnswered() {
        Situation situation = new Situation(64 << 20);
        situation.cut.add("n5");
        situation.runs(T.multipliedBy(10));

        assertThat(situation.sentence(Kind.MEMBER_BEHIND))
                .matches("n5 has not answered since this node speaks to it, for \\d\\.\\d s\\. See that it runs.*");
    }

    @Test
    void saysWhyThereIsNoLeader() {
        Situation situation = Situation.leading();
        situation.cut.addAll(List.of("n2", "n3", "n4"));
        situation.runs(T.multipliedBy(6));

        assertThat(situation.explained().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.NO_LEADER);
            assertThat(finding.sentence())
                    .matches("n2, n3 and n4 have not answered for \\d\\.\\d s; a majority of 5 is needed\\.");
        });
        assertThat(situation.explained().summary()).startsWith("Nobody is known to lead term ");
    }

    @Test
    void saysWhoHoldsWhatIsNotCommittedAndWhyTheOthersDoNot() {
        Situation situation = Situation.leading();
        situation.diskHangs.addAll(List.of("n3", "n4"));
        situation.logCut.add("n5");
        situation.proposes(1, 8);
        situation.runs(T.multipliedBy(2));
        List<String> soon = situation.sentences(Kind.NOT_COMMITTED);
        situation.runs(T.multipliedBy(4));

        assertThat(soon)
                .containsExactly("Index 2 of term 1 is not committed, and nothing was for 1.0 s: n1 and n2 hold it"
                        + " durably, and 3 of n1, n2, n3, n4 and n5 must. n3 answers and is being sent it;"
                        + " n4 answers and is being sent it; n5 answers and is being sent it.");
        assertThat(situation.sentence(Kind.NOT_COMMITTED))
                .contains("n1 and n2 hold it durably", "n5 answers heartbeats, but its Log has not answered for 3.");
        assertThat(situation.sentences(Kind.MEMBER_BEHIND))
                .anyMatch(sentence -> sentence.endsWith("Look at its disk, and let it explain itself."));
    }

    @Test
    void sendsWhoAsksAFollowerToTheLeader() {
        Situation situation = Situation.following();
        situation.logCut.addAll(List.of("n3", "n4", "n5"));
        situation.proposes(1, 8);
        situation.runs(T.multipliedBy(3));
        assertThat(situation.explained().findings()).isEmpty();

        situation.runs(T.multipliedBy(2));

        assertThat(situation.sentence(Kind.NOT_COMMITTED))
                .matches("The log of this node ends at 2, and for 2\\.\\d s nothing beyond 1 is known to be committed;"
                        + " n2 leads and knows why: let it explain itself\\.");
    }

    @Test
    void saysThatItWasRemoved() {
        Situation situation = Situation.leading();
        situation.orders(new Order.RemoveMembers(List.of("n1")));

        situation.runs(T);

        assertThat(situation.sentence(Kind.NOT_A_MEMBER))
                .isEqualTo("This node was removed from the group at index 3; stop it, or add it again.");
    }

    @Test
    void saysThatItWaitsToBeAdded() {
        Situation situation = Situation.following(List.of("n2", "n3", "n4", "n5"));

        assertThat(situation.explained().findings())
                .containsExactly(new Finding(
                        Kind.NOT_A_MEMBER, "n1", "This node is no member of the group yet; it waits to be added."));
    }

    @Test
    void countsItsOwnDiskAmongWhatIsWaitedFor() {
        Situation situation = Situation.leading();
        situation.diskHangs.addAll(List.of("n1", "n2", "n3"));
        situation.proposes(1, 8);
        situation.runs(T.multipliedBy(2));

        assertThat(situation.sentence(Kind.NOT_COMMITTED))
                .contains("n4 and n5 hold it durably", "n1, this node, has waited for its own disk for 1.0 s");
    }

    @Test
    void saysThatBothMajoritiesAreNeededWhileTheMembersChange() {
        Situation situation = Situation.leading();
        situation.logCut.addAll(List.of("n2", "n3", "n4"));
        situation.orders(new Order.RemoveMembers(List.of("n5")));
        situation.runs(T.multipliedBy(2));

        assertThat(situation.sentence(Kind.NOT_COMMITTED))
                .contains("3 of n1, n2, n3 and n4 and 3 of n1, n2, n3, n4 and n5 must while the members change");
        assertThat(situation.sentence(Kind.MEMBERS_CHANGING))
                .isEqualTo("To remove n5: Waits until a majority of the new members (n1, n2, n3, n4) and one"
                        + " of the old (n1, n2, n3, n4, n5) holds index 2.");
    }

    @Test
    void saysWhatAChangeOfMembersWaitsFor() {
        Situation situation = Situation.leading();
        situation.orders(new Order.AddMembers(List.of("n6")));

        assertThat(situation.sentence(Kind.MEMBERS_CHANGING))
                .isEqualTo("To add n6: Waits for an answer of n6; it must run with this group.");
    }

    @Test
    void saysHowFarAHandOverIs() {
        Situation situation = Situation.leading();
        situation.electionIsDeaf = true;
        situation.orders(new Order.HandOver("n2"));

        assertThat(situation.sentence(Kind.HANDING_OVER))
                .isEqualTo("Leadership is being handed over: It is being found out who can take over.");
    }

    @Test
    void blamesItsOwnDisk() {
        Situation situation = Situation.leading();
        situation.diskHangs.add("n1");
        situation.proposes(1, 8);
        situation.runs(T.multipliedBy(4));

        assertThat(situation.sentence(Kind.STALLED))
                .isEqualTo("This node's disk has finished no write for 2.0 s: the log is durable up to 1 of 2."
                        + " Look at its disk.");
    }

    @Test
    void blamesItsOwnLog() {
        Situation situation = Situation.leading();
        situation.logHangs = true;
        situation.runs(T.multipliedBy(5));

        assertThat(situation.sentence(Kind.STALLED))
                .matches("This node's Log has not answered for 2\\.\\d s: .* Look at this process\\.");
    }

    @Test
    void blamesAFoldThatHangs() {
        Situation situation = Situation.leading();
        situation.foldHangs = true;
        situation.proposes(1, 8);
        situation.runs(T.multipliedBy(5));

        assertThat(situation.sentence(Kind.NOT_APPLIED))
                .matches("Index 2 is committed, but this node has applied nothing beyond 1 for 2\\.\\d s: a fold"
                        + " hangs.*");
    }

    @Test
    void saysThatMuchIsStillToBeApplied() {
        Situation situation = Situation.leading();
        situation.foldHangs = true;
        situation.proposes(1_000, 8);

        assertThat(situation.sentence(Kind.NOT_APPLIED))
                .isEqualTo("This node has applied 1 of 1,001 committed entries, and goes on. Give it time; if the"
                        + " gap grows, its folds are too slow for the load.");
    }

    @Test
    void saysThatItHasNoState() {
        Situation situation = Situation.leading();
        situation.hasState = false;

        assertThat(situation.sentence(Kind.NOT_APPLIED)).startsWith("This node has no state and serves no reads");
    }

    @Test
    void saysWhenAMemberHasLostWhatItHadAcknowledged() {
        Situation situation = Situation.leading();
        situation.leader().receive(Logs.peer("n3"), new LogRpc.Matched(1, 1, 999), situation.now);

        assertThat(situation.sentence(Kind.MEMBER_BEHIND))
                .isEqualTo("n3 has lost entries that it had acknowledged, so it is neither fed nor counted in"
                        + " this term. Stop it, empty its data folder and let it join anew.");
    }

    @Test
    void passesOnThatAMemberIsIll() {
        Situation situation = Situation.leading();
        situation.ill.add("n4");
        situation.runs(T);

        assertThat(situation.sentence(Kind.MEMBER_BEHIND))
                .isEqualTo("n4 answers, and says that it is being stopped, or that its own disk, Log or fold hangs."
                        + " Look at its disk, and let it explain itself.");
    }

    @Test
    void tellsTheStationsOfAMemberThatNeedsASnapshot() {
        Situation situation = Situation.leading();
        Transfer transfer = new Transfer(situation, "n1", "n3", 4);
        overtaken(situation, "n3", transfer.held);
        String offered = situation.sentence(Kind.MEMBER_BEHIND);
        transfer.begins();
        String pulls = pulling(situation, transfer);
        transfer.passes(2);
        String pullsMore = pulling(situation, transfer);
        transfer.passes(3);
        String installs = pulling(situation, transfer);

        situation.leader().lost(transfer.held.id());
        situation.runs(T.multipliedBy(2));

        assertThat(offered)
                .isEqualTo("n3 was offered the snapshot that ends at 4, and has not begun to pull it."
                        + " Look at its log for the reason.");
        assertThat(pulls)
                .isEqualTo("n3 pulls the snapshot that ends at 4 of 6 and has 0 of 4,711 bytes (0 %)."
                        + " Give it time; if it takes too long, look at the network and at its disk.");
        assertThat(pullsMore)
                .startsWith("n3 pulls the snapshot that ends at 4 of 6 and has 2,000 of 4,711 bytes (42 %). Give");
        assertThat(installs)
                .startsWith("n3 has all 4,711 bytes of the snapshot that ends at 4 of 6 and puts it in place. Give it");
        assertThat(situation.sentence(Kind.MEMBER_BEHIND))
                .isEqualTo("n3 needs entries that this node no longer has, and there is no snapshot to offer."
                        + " It has to wait until this node has a snapshot again; request one.");
    }

    @Test
    void tellsOfAPullOfWhichItsOwnSnapshotsKnowNothingMore() {
        Situation situation = Situation.leading();
        Transfer transfer = new Transfer(situation, "n1", "n3", 4);
        overtaken(situation, "n3", transfer.held);

        transfer.begins();

        assertThat(situation.sentence(Kind.MEMBER_BEHIND))
                .startsWith("n3 pulls or installs a snapshot; this node's ends at 4 of 6. Give it time;");
    }

    /** The leader has nothing any more of what the member lacks, but this snapshot. */
    private static void overtaken(Situation situation, String node, Held snapshot) {
        situation.cut.add(node);
        situation.proposes(5, 8);
        situation.runs(T.multipliedBy(12));
        situation.leader().compact(snapshot, situation.now);
        situation.cut.clear();
        situation.runs(T.multipliedBy(2));
    }

    private static String pulling(Situation situation, Transfer transfer) {
        situation.snapshots = transfer.holder.view(situation.now);
        return situation.sentence(Kind.MEMBER_BEHIND);
    }

    @Test
    void tellsHowFarTheSnapshotIsThatItPulls() {
        Situation situation = Situation.following();
        Transfer transfer = new Transfer(situation, "n2", "n1", 4);
        transfer.begins();
        transfer.passes(2);
        situation.runs(T.dividedBy(2));
        situation.snapshots = transfer.puller.view(situation.now);
        assertThat(situation.explained().findings()).isEmpty();

        situation.runs(T.dividedBy(2));
        String pulls = pulled(situation, transfer);
        situation.runs(T.multipliedBy(3));
        String stands = pulled(situation, transfer);
        transfer.passes(3);

        assertThat(pulls)
                .isEqualTo("This node pulls the snapshot that ends at 4 from n2 and has 2,000 of 4,711 bytes (42 %)."
                        + " Give it time.");
        assertThat(stands)
                .isEqualTo("This node pulls the snapshot that ends at 4 from n2 and has 2,000 of 4,711 bytes (42 %),"
                        + " but nothing has come for 2.0 s. See that n2 runs and can be reached; if it stays away,"
                        + " another one is pulled.");
        assertThat(pulled(situation, transfer))
                .isEqualTo("This node has all 4,711 bytes of the snapshot that ends at 4 and puts it in place."
                        + " Give it time; if it takes too long, look at its disk.");
    }

    private static String pulled(Situation situation, Transfer transfer) {
        situation.snapshots = transfer.puller.view(situation.now);
        return situation.sentence(Kind.NOT_APPLIED);
    }

    @Test
    void tellsAMemberThatStandsStillFromOneThatComesCloser() {
        Situation situation = Situation.leading();
        situation.cut.add("n3");
        situation.proposes(1_500, 8);
        situation.cut.clear();
        situation.arrives = message -> !(message instanceof LogRpc.AppendEntries append)
                || append.entries().isEmpty();
        situation.runs(T);
        List<String> soon = situation.sentences(Kind.MEMBER_BEHIND);
        situation.runs(T.multipliedBy(4));

        assertThat(soon)
                .contains("n3 holds the log up to 1 of 1,501, and is coming closer."
                        + " Give it time; if the gap grows, ask less or give it a faster disk.");
        assertThat(situation.sentences(Kind.MEMBER_BEHIND))
                .anyMatch(sentence -> sentence.startsWith("n3 answers, but has come no further than 1 of 1,501 for"));
    }

    @Test
    void saysWhenItsLogIsFull() {
        Situation situation = Situation.leading(2_000);
        situation.proposes(1, 4_000);

        assertThat(situation.sentence(Kind.OVERLOADED))
                .startsWith("This leader refused commands 0.0 s ago: its log holds ")
                .contains("murmuration.log-bytes-max (2,000)");
        situation.runs(T.multipliedBy(11));
        assertThat(situation.sentences(Kind.OVERLOADED)).isEmpty();
    }

    /** A real Gateway's core on n1, asked once. */
    private static Client asked(Situation situation) {
        Client client =
                new Client(new ClientSettings("bank", "n1", List.of("n1", "n2"), T, 1 << 20), new SplittableRandom(7));
        client.known(false, situation.now);
        long deadline = situation.now + T.multipliedBy(100).toNanos();
        client.ask(new Request(1, situation.now, deadline), Logs.command(8), situation.now);
        client.flush(situation.now);
        return client;
    }

    @Test
    void saysWhatCommandsWaitForAtTheGateway() {
        Situation situation = Situation.leading();
        Client client = asked(situation);
        long asked = situation.now;
        situation.gateway = client.view(asked);
        assertThat(situation.explained().findings()).isEmpty();

        situation.gateway = client.view(asked + T.toNanos());
        assertThat(situation.sentence(Kind.NOT_ANSWERED))
                .isEqualTo("Commands that were asked on this node wait (1 of 24 bytes), the oldest for 0.5 s:"
                        + " no leader is known to send it to (last refusal: none).");

        List<Effect> opening = client.leaderIs(1, "n2", asked);
        situation.gateway = client.view(asked + T.toNanos());
        assertThat(situation.sentence(Kind.NOT_ANSWERED)).endsWith("it is to be sent to n2, behind others.");

        ClientRpc.Open open = (ClientRpc.Open) said(opening);
        List<Effect> sent = client.received("n2", new ClientRpc.Opened(open.life(), 9), asked);
        situation.gateway = client.view(asked + T.toNanos());
        assertThat(situation.sentence(Kind.NOT_ANSWERED))
                .endsWith("it was sent to n2, which has not answered. Let n2 explain itself.");

        ClientRpc.Propose propose = (ClientRpc.Propose) said(sent);
        client.received(
                "n2",
                new ClientRpc.Refused(
                        propose.life(), propose.batch(), List.of(1L), ClientRpc.Refusal.OVERLOADED, "n2", true),
                asked);
        situation.gateway = client.view(asked + T.toNanos());
        assertThat(situation.sentence(Kind.OVERLOADED)).contains("the leader has no room for it (last refusal: ");
    }

    private static ClientRpc said(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Send.class::isInstance)
                .map(send -> ((Effect.Send) send).rpc())
                .findFirst()
                .orElseThrow();
    }
}
