package io.murmuration.paper;

import static io.murmuration.core.log.Logs.entries;
import static io.murmuration.core.log.Logs.id;
import static io.murmuration.core.log.Logs.ids;
import static io.murmuration.core.log.Logs.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.log.LogGroup;
import io.murmuration.core.log.LogGroup.Node;
import io.murmuration.core.log.LogGroup.Packet;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.LogRpc.Matched;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * "In Search of an Understandable Consensus Algorithm", §5.4.2 and figure 8. A leader's first entry is its no-op here.
 */
class PaperSection542Test {
    private final LogGroup group = new LogGroup("s1", "s2", "s3", "s4", "s5");
    private final Node s1 = group.node("s1");
    private final Node s2 = group.node("s2");
    private final Node s3 = group.node("s3");
    private final Node s5 = group.node("s5");

    /** Figure 8 up to (c), where S1 leads term 4 and has not replicated anything yet. */
    @BeforeEach
    void upToC() {
        group.nodes.values().forEach(node -> node.recover(entries(1, 1)));

        // "In (a) S1 is leader and partially replicates the log entry at index 2."
        assertThat(group.elect(2, "s1", "s2", "s3")).isTrue();
        s1.syncAll();
        group.deliver(packet -> packet.to().equals("s2"));
        s2.syncAll();
        group.network.clear();

        // "In (b) S1 crashes; S5 is elected leader for term 3 with votes from S3, S4, and itself, and accepts a
        // different
        // entry at log index 2."
        assertThat(group.elect(3, "s5", "s3", "s4")).isTrue();
        s5.syncAll();
        group.network.clear();

        // "In (c) S5 crashes; S1 restarts, is elected leader, and continues replication."
        s5.crash();
        s1.crash();
        assertThat(group.elect(4, "s1", "s2", "s3")).isTrue();
        s1.syncAll();
        assertThat(ids(s1.log)).containsExactly(id(1, 1), id(2, 2), id(3, 4));
    }

    // "At this point, the log entry from term 2 has been replicated on a majority of the servers, but it is not
    // committed."
    // "Only log entries from the leader's current term are committed by counting replicas"
    @Test
    void anEntryOfAnOlderTermIsNotCommittedByCounting() {
        replicateOnlyTheEntryOfTermTwo();

        assertThat(s1.log.matched()).containsEntry("s2", 2L).containsEntry("s3", 2L);
        assertThat(s1.log.commit()).isZero();
        assertThat(group.committed).isEmpty();
    }

    // "If S1 crashes as in (d), S5 could be elected leader (with votes from S2, S3, and S4) and overwrite the entry
    // with its
    // own entry from term 3."
    @Test
    void anEntryOfAnOlderTermOnAMajorityCanStillBeOverwritten() {
        replicateOnlyTheEntryOfTermTwo();
        group.network.clear();
        s1.crash();

        assertThat(group.elect(5, "s5", "s2", "s3", "s4")).isTrue();
        settle();

        assertThat(ids(s2.log)).containsExactly(id(1, 1), id(2, 3), id(3, 5));
        assertThat(ids(s3.log)).isEqualTo(ids(s2.log));
        assertThat(group.committed).hasSize(3);
    }

    // "However, if S1 replicates an entry from its current term on a majority of the servers before crashing, as in
    // (e), then
    // this entry is committed (S5 cannot win an election). At this point all preceding entries in the log are committed
    // as
    // well."
    @Test
    void anEntryOfTheCurrentTermCommitsAllBeforeIt() {
        for (int round = 0; round < 5; round++) {
            group.deliver(packet -> List.of("s1", "s2", "s3").contains(packet.to()));
            s2.syncAll();
            s3.syncAll();
        }
        group.network.clear();
        s1.crash();

        assertThat(group.committed).extracting(entry -> entry.id()).containsExactly(id(1, 1), id(2, 2), id(3, 4));
        assertThat(group.elect(5, "s5", "s2", "s3", "s4")).isFalse();
    }

    // "Raft incurs this extra complexity in the commitment rules because log entries retain their original term numbers
    // when
    // a leader replicates entries from previous terms."
    @Test
    void entriesKeepTheirTermWhenALaterLeaderReplicatesThem() {
        group.deliver(packet -> List.of("s1", "s3").contains(packet.to()));

        assertThat(ids(s3.log)).containsExactly(id(1, 1), id(2, 2), id(3, 4));
    }

    private void replicateOnlyTheEntryOfTermTwo() {
        group.network.clear();
        AppendEntries append = new AppendEntries(4, 1, id(1, 1), List.of(s1.log.entry(2)), 0);
        s3.receive(new Packet(peer("s1"), "s3", append));
        s3.syncAll();
        assertThat(group.network).extracting(Packet::message).containsExactly(new Matched(4, 1, 2));
        s1.receive(new Packet(peer("s2"), "s1", new Matched(4, 1, 2)));
        group.deliver(packet -> packet.to().equals("s1"));
    }

    private void settle() {
        for (int round = 0; round < 5; round++) {
            group.deliverAll();
            group.nodes.values().forEach(Node::syncAll);
        }
    }
}
