package io.murmuration.paper;

import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.log.LogGroup;
import io.murmuration.core.log.LogGroup.Node;
import io.murmuration.core.log.LogGroup.Packet;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Mismatched;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** "In Search of an Understandable Consensus Algorithm", §5.3, sentence by sentence. */
class PaperSection53Test {
    /**
     * Figure 7: "When the leader at the top comes to power, it is possible that any of scenarios (a-f) could occur".
     */
    record Figure7(String name, List<Entry> log) {}

    private static final long[] LEADER = {1, 1, 1, 4, 4, 5, 5, 6, 6, 6};

    static List<Figure7> figure7() {
        return List.of(
                new Figure7("a", entries(1, 1, 1, 1, 4, 4, 5, 5, 6, 6)),
                new Figure7("b", entries(1, 1, 1, 1, 4)),
                new Figure7("c", entries(1, 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6)),
                new Figure7("d", entries(1, 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7)),
                new Figure7("e", entries(1, 1, 1, 1, 4, 4, 4, 4)),
                new Figure7("f", entries(1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3)));
    }

    private final LogGroup group = new LogGroup("a", "b", "l");
    private final Node leader = group.node("l");

    // "The leader appends the command to its log as a new entry, then issues AppendEntries RPCs in parallel to each of
    // the
    // other servers to replicate the entry."
    @Test
    void issuesAppendEntriesInParallel() {
        settle(1);

        leader.propose(1);
        leader.flush();

        assertThat(group.network).extracting(Packet::to).containsExactly("a", "b");
        assertThat(leader.unsynced).as("its own write is still in flight").hasSize(1);
        assertThat(leader.log.last()).isEqualTo(id(2, 1));
    }

    // "When the entry has been safely replicated (as described below), the leader applies the entry to its state
    // machine and
    // returns the result of that execution to the client."
    @Test
    void appliesOnlyWhatIsSafelyReplicated() {
        settle(1);
        leader.propose(1);
        leader.flush();
        leader.syncAll();
        long alone = leader.fed;

        group.deliverAll();
        group.node("a").syncAll();
        group.deliverAll();

        assertThat(alone).isEqualTo(1);
        assertThat(leader.fed).isEqualTo(2);
    }

    // "If followers crash or run slowly, or if network packets are lost, the leader retries AppendEntries RPCs
    // indefinitely
    // (even after it has responded to the client) until all followers eventually store all log entries."
    @Test
    void retriesUntilAllStoreAll() {
        settle(1);
        leader.propose(1);
        leader.flush();
        leader.syncAll();
        group.deliver(packet -> !lost(packet));
        group.node("a").syncAll();
        group.deliver(packet -> !lost(packet));
        assertThat(leader.log.commit()).isEqualTo(2);

        for (int second = 0; second < 60; second++) {
            pass(1_000);
            group.network.removeIf(PaperSection53Test::lost);
            group.deliverAll();
        }
        long meanwhile = group.node("b").log.last().index();
        pass(1_000);
        group.deliverAll();
        group.node("b").syncAll();
        group.deliverAll();

        assertThat(meanwhile).isEqualTo(1);
        assertThat(ids(group.node("b").log)).isEqualTo(ids(leader.log));
        assertThat(leader.log.matched()).containsEntry("b", 2L);
    }

    // "A log entry is committed once the leader that created the entry has replicated it on a majority of the servers"
    @Test
    void commitsOnceAMajorityHasIt() {
        settle(1);
        leader.propose(1);
        leader.flush();
        group.deliverAll();
        group.node("a").syncAll();
        group.deliverAll();
        long withOne = leader.log.commit();

        leader.syncAll();

        assertThat(withOne).isEqualTo(1);
        assertThat(leader.log.commit()).isEqualTo(2);
    }

    // "This also commits all preceding entries in the leader's log, including entries created by previous leaders."
    @Test
    void commitsAllPrecedingEntries() {
        group.nodes.values().forEach(node -> node.recover(entries(1, 1, 2, 2)));

        settle(3);

        assertThat(leader.log.commit()).isEqualTo(4);
        assertThat(leader.fed).isEqualTo(4);
    }

    // "The leader keeps track of the highest index it knows to be committed, and it includes that index in future
    // AppendEntries RPCs (including heartbeats) so that the other servers eventually find out." Here heartbeats carry
    // no
    // commit index; an AppendEntries without entries tells it within 10 ms.
    @Test
    void othersEventuallyFindOutWhatIsCommitted() {
        settle(1);
        long before = group.node("a").log.commit();

        pass(10);
        group.deliverAll();

        assertThat(before).isZero();
        assertThat(group.node("a").log.commit()).isEqualTo(1);
        assertThat(group.node("b").log.commit()).isEqualTo(1);
    }

    // "Once a follower learns that a log entry is committed, it applies the entry to its local state machine (in log
    // order)."
    @Test
    void followersApplyInLogOrder() {
        settle(1);
        leader.propose(1, 2, 3);
        leader.flush();
        group.deliverAll();
        group.nodes.values().forEach(Node::syncAll);
        group.deliverAll();
        pass(10);
        group.deliverAll();

        // That no index is left out or repeated is checked whenever a Machine is fed.
        assertThat(group.node("a").fed).isEqualTo(4);
    }

    // "When sending an AppendEntries RPC, the leader includes the index and term of the entry in its log that
    // immediately
    // precedes the new entries. If the follower does not find an entry in its log with the same index and term, then it
    // refuses the new entries."
    @Test
    void refusesWhatDoesNotFollowItsLog() {
        leader.recover(entries(1, 1, 2));
        group.node("a").recover(entries(1, 1, 1));
        group.elect(3, "l", "a", "b");
        Packet first = group.network.remove(0);

        group.node("a").receive(first);

        assertThat(((AppendEntries) first.message()).previous()).isEqualTo(id(2, 2));
        assertThat(group.network.get(group.network.size() - 1).message()).isInstanceOf(Mismatched.class);
        assertThat(ids(group.node("a").log)).containsExactly(id(1, 1), id(2, 1));
    }

    // "In Raft, the leader handles inconsistencies by forcing the followers' logs to duplicate its own. This means that
    // conflicting entries in follower logs will be overwritten with entries from the leader's log." (figure 7)
    @ParameterizedTest
    @MethodSource("figure7")
    void forcesFollowersToDuplicateItsLog(Figure7 scenario) {
        Node follower = group.node("a");
        leader.recover(entries(1, LEADER));
        follower.recover(scenario.log());
        group.node("b").recover(entries(1, 1, 1, 1, 4));

        group.elect(8, "l", "b");
        follower.fence(8);
        for (int round = 0; round < 20; round++) {
            group.deliverAll();
            group.nodes.values().forEach(Node::syncAll);
            pass(20);
        }

        assertThat(ids(leader.log)).isEqualTo(withNoOp(8));
        assertThat(ids(follower.log)).isEqualTo(ids(leader.log));
        assertThat(follower.disk).isEqualTo(leader.disk);
        assertThat(follower.log.commit()).isEqualTo(11);
    }

    // "When a leader first comes to power, it initializes all nextIndex values to the index just after the last one in
    // its
    // log (11 in Figure 7)."
    @Test
    void initializesNextIndexBehindItsLastEntry() {
        leader.recover(entries(1, LEADER));

        group.elect(8, "l", "b");

        assertThat(group.network)
                .extracting(packet -> ((AppendEntries) packet.message()).previous())
                .containsExactly(id(10, 6), id(10, 6));
    }

    // "With this optimization, the leader can decrement nextIndex to bypass all of the conflicting entries in that
    // term; one
    // AppendEntries RPC will be required for each term with conflicting entries, rather than one RPC per entry."
    @Test
    void bypassesConflictingTermsInOneMessageEach() {
        long[] mine = new long[2_000];
        long[] other = new long[2_000];
        for (int at = 0; at < 2_000; at++) {
            // The same hundred entries, then 19 terms of a hundred entries each that the other log does not have.
            mine[at] = 1 + (at / 100) * 2L;
            other[at] = at < 100 ? 1 : 2 + (at / 100) * 2L;
        }
        leader.recover(entries(1, mine));
        group.node("a").recover(entries(1, other));
        leader.fence(99);
        leader.lead(99);
        group.node("a").fence(99);

        List<Packet> refusals = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            group.deliver(packet -> {
                if (packet.message() instanceof Mismatched && !refusals.contains(packet)) {
                    refusals.add(packet);
                }
                return !lost(packet);
            });
            group.nodes.values().forEach(Node::syncAll);
        }

        assertThat(refusals).hasSizeBetween(1, 20);
        assertThat(group.node("a").log.entry(2_000).id())
                .isEqualTo(leader.log.entry(2_000).id());
    }

    // "A leader never overwrites or deletes entries in its own log (the Leader Append-Only Property in Figure 3)."
    @Test
    void neverOverwritesItsOwnLog() {
        leader.recover(entries(1, LEADER));
        group.node("a").recover(entries(1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3));
        group.elect(8, "l", "b");

        group.deliverAll();

        assertThat(ids(leader.log)).isEqualTo(withNoOp(8));
    }

    // "in the normal case a new entry can be replicated with a single round of RPCs to a majority of the cluster; and a
    // single
    // slow follower will not impact performance."
    @Test
    void aSlowFollowerDelaysNobody() {
        settle(1);

        for (int command = 1; command <= 100; command++) {
            leader.propose(command);
            if (leader.flushAsked) {
                leader.flush();
            }
            group.deliver(packet -> !lost(packet));
            leader.syncAll();
            group.node("a").syncAll();
            group.deliver(packet -> !lost(packet));
        }

        assertThat(leader.log.commit()).isEqualTo(101);
        assertThat(group.network.stream().filter(PaperSection53Test::lost)).hasSizeLessThanOrEqualTo(4);
    }

    private static boolean lost(Packet packet) {
        return packet.to().equals("b");
    }

    private static List<EntryId> withNoOp(long term) {
        List<Entry> log = new ArrayList<>(entries(1, LEADER));
        log.addAll(entries(11, term));
        return log.stream().map(Entry::id).toList();
    }

    /** Elects l and commits its no-op; the others do not know of the commit yet. */
    private void settle(long term) {
        assertThat(group.elect(term, "l", "a", "b")).isTrue();
        group.deliverAll();
        group.nodes.values().forEach(Node::syncAll);
        group.deliverAll();
    }

    private void pass(long millis) {
        group.now += millis * 1_000_000;
        group.nodes.values().forEach(Node::wakeIfDue);
    }
}
