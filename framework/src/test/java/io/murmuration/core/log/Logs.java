package io.murmuration.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.ClientRpc.Proposal;
import io.murmuration.core.model.ClientRpc.Ruled;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Ruling.StillWanted;
import io.murmuration.core.model.Ticket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What tests of the Log are made of. */
public final class Logs {
    /** T of the tests. */
    public static final Duration T = Duration.ofMillis(500);

    /** The life of the tests' Gateway. */
    public static final UUID LIFE = new UUID(7, 7);

    /** The tests' Gateway. */
    public static final Peer GATEWAY = new Peer("g", LIFE);

    private Logs() {}

    public static Peer peer(String node) {
        return new Peer(node, UUID.nameUUIDFromBytes(node.getBytes(StandardCharsets.UTF_8)));
    }

    public static Members members(String... nodes) {
        return Members.voting(Arrays.stream(nodes).map(Logs::peer).toList());
    }

    public static EntryId id(long index, long term) {
        return new EntryId(index, term);
    }

    /** Entries of these terms from an index on, told apart by a number in the payload. */
    public static List<Entry> entries(long first, long... terms) {
        List<Entry> entries = new ArrayList<>();
        for (long term : terms) {
            entries.add(entry(first + entries.size(), term));
        }
        return List.copyOf(entries);
    }

    public static Entry entry(long index, long term) {
        return new Entry(id(index, term), 0, new Payload.Proposed(1, index, 1, command(8)));
    }

    public static Encoded command(int bytes) {
        return new Encoded(1, "", new byte[bytes]);
    }

    static LogTail tail(EntryId base, List<Entry> entries) {
        return new LogTail(base, entries, settings().recentBytes());
    }

    public static LogSettings settings() {
        return new LogSettings(T, 64 << 20, 1 << 20);
    }

    /** A Log that is still closed; its Machine has started from nothing. */
    public static ReplicatedLog closed(String self, Members members, List<Entry> recovered) {
        return closed(self, members, EntryId.NONE, recovered);
    }

    public static ReplicatedLog closed(String self, Members members, EntryId base, List<Entry> recovered) {
        Recovered read = new Recovered(peer(self).incarnation(), LIFE, Ballot.NONE, base, members, recovered);
        ReplicatedLog log = new ReplicatedLog(peer(self), settings(), read);
        assertThat(log.machineReady(base.index())).isEmpty();
        return log;
    }

    /** A follower of a group of three, in a term. */
    public static ReplicatedLog follower(long term, List<Entry> recovered) {
        ReplicatedLog log = closed("f", members("f", "l", "x"), recovered);
        log.fence(term, 1, 0);
        return log;
    }

    /** The leader of a group of three (with a and b) in a term, and what it did first. */
    public static ReplicatedLog leader(long term, List<Entry> recovered, List<Effect> first) {
        ReplicatedLog log = closed("l", members("a", "b", "l"), recovered);
        log.fence(term, 1, 0);
        first.addAll(log.lead(term, new Moment(0, 1_000)));
        return log;
    }

    public static LogRpc.AppendEntries append(
            long term, long sequence, EntryId previous, List<Entry> entries, long commit) {
        return new LogRpc.AppendEntries(term, sequence, previous, entries, commit);
    }

    public static ClientRpc.Propose propose(long batch, int bytes, long... serials) {
        List<Proposal> proposals = new ArrayList<>();
        for (long serial : serials) {
            proposals.add(new Proposal(serial, command(bytes)));
        }
        return new ClientRpc.Propose(LIFE, batch, 1, 1, proposals);
    }

    /** An order that is still wanted when the leader asks: what it says to the second copy. */
    public static List<Effect> ordered(ReplicatedLog log, long id, Order order, Moment at) {
        List<Effect> first = log.control(GATEWAY, new Control(LIFE, id, order, 10_000, null), at);
        return log.control(GATEWAY, new Control(LIFE, id, order, 10_000, ticket(first)), at);
    }

    /** What the leader has given for an order, or null. */
    public static @Nullable Ticket ticket(List<Effect> effects) {
        return answers(effects).stream()
                .filter(answer -> answer instanceof Ruled ruled && ruled.ruling() instanceof StillWanted)
                .map(answer -> ((StillWanted) ((Ruled) answer).ruling()).ticket())
                .findFirst()
                .orElse(null);
    }

    public static <E extends Effect> List<E> all(List<Effect> effects, Class<E> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public static <E extends Effect> E one(List<Effect> effects, Class<E> type) {
        List<E> found = all(effects, type);
        assertThat(found).as("%s in %s", type.getSimpleName(), effects).hasSize(1);
        return found.get(0);
    }

    /** The messages of a kind that were sent to a node. */
    public static <M extends LogRpc> List<M> sent(List<Effect> effects, String node, Class<M> type) {
        return all(effects, Effect.Send.class).stream()
                .filter(send -> send.node().equals(node) && type.isInstance(send.message()))
                .map(send -> type.cast(send.message()))
                .toList();
    }

    public static LogRpc.AppendEntries sentAppend(List<Effect> effects, String node) {
        List<LogRpc.AppendEntries> appends = sent(effects, node, LogRpc.AppendEntries.class);
        assertThat(appends).as("appends to %s in %s", node, effects).hasSize(1);
        return appends.get(0);
    }

    /** What Gateways were told. */
    public static List<ClientRpc> answers(List<Effect> effects) {
        return all(effects, Effect.Answer.class).stream()
                .map(Effect.Answer::message)
                .toList();
    }

    public static List<EntryId> ids(ReplicatedLog log) {
        List<EntryId> ids = new ArrayList<>();
        for (long index = 1; index <= log.last().index(); index++) {
            ids.add(log.entry(index).id());
        }
        return ids;
    }
}
