package io.murmuration.actor;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Proposal;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.MachineRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.NodeRpc;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.OrderId;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.Ruling;
import io.murmuration.core.model.SnapshotRpc;
import io.murmuration.core.model.SnapshotRpc.SnapshotId;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.Ticket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Messages and records of every type, with every kind of what they may hold. The golden files are made of these. */
final class WireSamples {
    static final UUID GROUP = new UUID(0x1111_2222_3333_4444L, 0x8555_6666_7777_8888L);
    static final UUID LIFE = new UUID(0xAAAA_BBBB_CCCC_4DDDL, 0x9EEE_0000_0000_0001L);
    static final Peer N1 = new Peer("n1", new UUID(1, 0x8000_0000_0000_0001L));
    static final Peer N2 = new Peer("n2", new UUID(2, 2));
    static final Peer N3 = new Peer("knoten-ß", new UUID(3, 3));
    static final Members THREE = Members.voting(List.of(N1, N2, N3));
    static final Members JOINT = new Members(List.of(N1, N2), List.of(N1), List.of(N3));
    static final Members NOTING = JOINT.noting(List.of(new OrderId(GROUP, 7), new OrderId(LIFE, 1L << 40)));
    static final Encoded ADD = new Encoded(7713, "example.Counter$Add", new byte[] {1, 2, 3});
    static final Encoded RESET = new Encoded(-5, "example.Counter$Reset", new byte[0]);
    private static final long LARGE = 1L << 40;
    private static final SnapshotId SNAPSHOT = new SnapshotId(N2, 4096, 0x8123_4567_89AB_CDEFL);
    private static final SnapshotRpc.Held HELD = new SnapshotRpc.Held(SNAPSHOT, new EntryId(4096, 3), LARGE);

    private WireSamples() {}

    /** One of each payload, two of them with the same manifest. */
    static List<Entry> entries() {
        return List.of(
                new Entry(new EntryId(LARGE, 3), 1_795_000_000_000L, new Payload.NoOp()),
                new Entry(new EntryId(LARGE + 1, 3), -1, new Payload.OpenSession(LIFE, "n2")),
                new Entry(new EntryId(LARGE + 2, 3), 0, new Payload.Proposed(7, 300, 299, ADD)),
                new Entry(new EntryId(LARGE + 3, 3), 1, new Payload.Proposed(7, 301, 299, RESET)),
                new Entry(new EntryId(LARGE + 4, 3), 2, new Payload.Proposed(7, 302, 300, ADD)),
                new Entry(new EntryId(LARGE + 5, 3), 3, new Payload.MembersSet(NOTING)));
    }

    static Map<String, Wire> wires() {
        Map<String, Wire> wires = new LinkedHashMap<>();
        bodies().forEach((label, body) -> wires.put(label, new Wire(GROUP, N1, body)));
        wires.put("AreYouEmpty from a node that knows no group", new Wire(null, N3, new FoundingRpc.AreYouEmpty()));
        return wires;
    }

    private static Map<String, Rpc> bodies() {
        Map<String, Rpc> bodies = new LinkedHashMap<>();
        EntryId last = new EntryId(17, 3);
        bodies.put("PreVote", new ElectionRpc.PreVote(4, last));
        bodies.put("PreVote of an empty log", new ElectionRpc.PreVote(1, EntryId.NONE));
        bodies.put("PreVoteReply granted", new ElectionRpc.PreVoteReply(3, 4, true));
        bodies.put("PreVoteReply refused", new ElectionRpc.PreVoteReply(Long.MAX_VALUE, 4, false));
        bodies.put("RequestVote", new ElectionRpc.RequestVote(4, last, false));
        bodies.put("RequestVote after a transfer", new ElectionRpc.RequestVote(4, last, true));
        bodies.put("VoteReply granted", new ElectionRpc.VoteReply(4, true));
        bodies.put("VoteReply refused", new ElectionRpc.VoteReply(5, false));
        bodies.put("Heartbeat", new ElectionRpc.Heartbeat(4, 1000, false));
        bodies.put("Heartbeat of a group that is to doze", new ElectionRpc.Heartbeat(4, 1000, true));
        bodies.put("HeartbeatReply healthy", new ElectionRpc.HeartbeatReply(4, 1000, last, 16, true, 100));
        bodies.put("HeartbeatReply dozing", new ElectionRpc.HeartbeatReply(4, 1000, last, 17, true, 0, true));
        bodies.put("HeartbeatReply ill", new ElectionRpc.HeartbeatReply(4, 1000, last, 0, false, 0));
        bodies.put("CampaignNow", new ElectionRpc.CampaignNow(4, 1000));
        bodies.put("AppendEntries of every payload", new LogRpc.AppendEntries(3, 9, last, entries(), 15));
        bodies.put("AppendEntries as a probe", new LogRpc.AppendEntries(3, 1, EntryId.NONE, List.of(), 0));
        bodies.put("Matched", new LogRpc.Matched(3, 9, 17));
        bodies.put("Mismatched", new LogRpc.Mismatched(3, 9, new EntryId(12, 2)));
        bodies.put("Outdated", new LogRpc.Outdated(5, 9));
        bodies.put("SnapshotOffer", new LogRpc.SnapshotOffer(3, 9, HELD));
        bodies.put("SnapshotWanted", new SnapshotRpc.SnapshotWanted(4096));
        bodies.put("SnapshotHeld", new SnapshotRpc.SnapshotHeld(HELD));
        bodies.put("SnapshotPull", new SnapshotRpc.SnapshotPull(SNAPSHOT, 65536));
        bodies.put(
                "SnapshotChunk",
                new SnapshotRpc.SnapshotChunk(SNAPSHOT, 65536, Blocks.of(new byte[] {0, -1, 127}), true));
        bodies.put("SnapshotArrived", new SnapshotRpc.SnapshotArrived(SNAPSHOT));
        bodies.put("SnapshotGone", new SnapshotRpc.SnapshotGone(SNAPSHOT));
        bodies.put("OutcomeHash", new MachineRpc.OutcomeHash(4096, 0x7172_7374_7576_7778L, 0x8123_4567_89AB_CDEFL));
        bodies.put("Empty", new FoundingRpc.Empty(N1.incarnation()));
        bodies.put("Knows", new FoundingRpc.Knows(GROUP, JOINT, THREE));
        bodies.put("Found", new FoundingRpc.Found(GROUP, THREE));
        bodies.put("Invited", new FoundingRpc.Invited(GROUP, THREE, N3));
        clients(bodies);
        return bodies;
    }

    private static void clients(Map<String, Rpc> bodies) {
        bodies.put("Open", new ClientRpc.Open(LIFE, 1));
        bodies.put(
                "Propose",
                new ClientRpc.Propose(
                        LIFE,
                        2,
                        7,
                        300,
                        List.of(new Proposal(300, ADD), new Proposal(301, RESET), new Proposal(302, ADD))));
        bodies.put(
                "Refused by a follower",
                new ClientRpc.Refused(LIFE, 2, List.of(300L, 301L), Refusal.NOT_LEADER, "n2", true));
        bodies.put("Refused open session", new ClientRpc.Refused(LIFE, 1, List.of(), Refusal.OVERLOADED, null, true));
        bodies.put(
                "Refused after stepping down",
                new ClientRpc.Refused(LIFE, 2, List.of(300L), Refusal.CLOSED, null, false));
        bodies.put("Opened", new ClientRpc.Opened(LIFE, 7));
        bodies.put(
                "Outcomes of every kind",
                new ClientRpc.Outcomes(
                        LIFE,
                        7,
                        List.of(
                                new Outcome(300, 18, new Reply.Replied(ADD)),
                                new Outcome(301, 19, new Reply.Declined("zu wenig Guthaben: 5 €")),
                                new Outcome(302, 20, new Reply.Unencodable("no serializer")),
                                new Outcome(303, 21, new Reply.SessionUnknown()),
                                new Outcome(304, 22, new Reply.Forgotten()))));
        bodies.put("ReadIndex", new ClientRpc.ReadIndex(LIFE, 5));
        bodies.put("ReadReady", new ClientRpc.ReadReady(LIFE, 5, 17));
        bodies.put("ReadRefused with a hint", new ClientRpc.ReadRefused(LIFE, 5, Refusal.NOT_LEADER, "n2"));
        bodies.put("ReadRefused without a hint", new ClientRpc.ReadRefused(LIFE, 5, Refusal.OVERLOADED, null));
        bodies.put("Query", new ClientRpc.Query(LIFE, 7, RESET, 10_000));
        bodies.put(
                "QueryRefused", new ClientRpc.QueryRefused(LIFE, 7, Refusal.CLOSED, "The replica is being started."));
        bodies.put("IsAt", new ClientRpc.IsAt(LIFE, "10.0.0.9:25520"));
        bodies.put("Answer", new ClientRpc.Answer(LIFE, 6, 18, new Reply.Replied(ADD)));
        List<String> nodes = List.of("n4", "knoten-ß");
        bodies.put(
                "Beats of two groups",
                new NodeRpc.Beats(List.of(
                        new NodeRpc.Beat("bank", GROUP, N1.incarnation(), new ElectionRpc.Heartbeat(3, LARGE)),
                        new NodeRpc.Beat(
                                "counter",
                                LIFE,
                                N2.incarnation(),
                                new ElectionRpc.HeartbeatReply(4, 1, new EntryId(2, 1), 1, true, 7)))));
        bodies.put("Awake", new NodeRpc.Awake());
        bodies.put("LinkAt", new NodeRpc.LinkAt("n1.example:25520", 40_123));
        bodies.put("Left", new NodeRpc.Left("knoten-ß"));
        bodies.put("Control to add", new ClientRpc.Control(LIFE, 7, new Order.AddMembers(nodes), 300_000, null));
        bodies.put(
                "Control to remove",
                new ClientRpc.Control(LIFE, 8, new Order.RemoveMembers(nodes), 1, new Ticket(3, 300)));
        bodies.put("Control to set", new ClientRpc.Control(LIFE, 9, new Order.SetMembers(nodes), 1, null));
        bodies.put("Control to replace", new ClientRpc.Control(LIFE, 10, new Order.ReplaceMember("n2"), 1, null));
        bodies.put("Control to hand over", new ClientRpc.Control(LIFE, 11, new Order.HandOver("n2"), 1, null));
        bodies.put(
                "Control to hand over to anybody", new ClientRpc.Control(LIFE, 12, new Order.HandOver(null), 1, null));
        bodies.put("Ruled that it is settled", new ClientRpc.Ruled(LIFE, 7, new Ruling.Settled(JOINT), 3));
        bodies.put("Ruled that it is under way", new ClientRpc.Ruled(LIFE, 7, new Ruling.Underway("Waiting."), 3));
        bodies.put("Ruled that it is declined", new ClientRpc.Ruled(LIFE, 7, new Ruling.Declined("No."), 3));
        bodies.put("Ruled by who does not lead", new ClientRpc.Ruled(LIFE, 7, new Ruling.NotLeader("n2"), 0));
        bodies.put("Ruled by who knows no leader", new ClientRpc.Ruled(LIFE, 7, new Ruling.NotLeader(null), 0));
        bodies.put(
                "Ruled by who sees it for the first time",
                new ClientRpc.Ruled(LIFE, 7, new Ruling.StillWanted(new Ticket(3, 300)), 3));
    }

    static Map<String, StoreRecord> records() {
        EntryId last = new EntryId(4096, 3);
        Ballot cast = new Ballot(4, N2);
        Map<String, StoreRecord> records = new LinkedHashMap<>();
        records.put("Prepared", new StoreRecord.Prepared(N1.incarnation()));
        records.put("Founded", new StoreRecord.Founded(GROUP, THREE));
        records.put("BallotCast for a candidate", new StoreRecord.BallotCast(cast));
        records.put("BallotCast without a vote", new StoreRecord.BallotCast(new Ballot(5, null)));
        records.put("EntriesAppended of every payload", new StoreRecord.EntriesAppended(entries()));
        records.put(
                "PrefixDropped",
                new StoreRecord.PrefixDropped(
                        new StoreRecord.Base(GROUP, N1.incarnation(), THREE, NOTING, cast, last)));
        StoreRecord.Base base = new StoreRecord.Base(GROUP, N1.incarnation(), THREE, THREE, Ballot.NONE, last);
        records.put(
                "SnapshotInstalled with a suffix kept", new StoreRecord.SnapshotInstalled(base, new EntryId(4100, 4)));
        records.put("SnapshotInstalled with nothing kept", new StoreRecord.SnapshotInstalled(base, null));
        return records;
    }
}
