package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Proposal;
import io.murmuration.core.model.ClientRpc.Refusal;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A group as a client sees it, as unkind as a real one may be: it loses, delays and doubles answers, loses and delays
 * requests, changes leaders, drops what was appended or commits it late, forgets sessions, hints wrongly, and has no
 * room. It keeps the one promise on which a client builds: what is committed takes effect at most once in a session.
 * Mutable.
 */
final class FakeGroup {
    static final List<String> NODES = List.of("n1", "n2", "n3", "n4", "n5");
    private static final long MILLI = 1_000_000;

    private record Event(long time, long order, Runnable what) {}

    /** A copy of a command, or of an Open if the serial is 0. */
    private record Appended(
            String leader,
            ClientRpc message,
            long serial,
            @Nullable Encoded command) {}

    private static final class Session {
        final UUID life;
        long lowest;
        final TreeMap<Long, Outcome> remembered = new TreeMap<>();

        Session(UUID life) {
            this.life = life;
        }
    }

    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>((one, other) -> one.time() == other.time()
            ? Long.compare(one.order(), other.order())
            : Long.compare(one.time(), other.time()));
    private long order;
    long now;

    private final BiConsumer<String, ClientRpc> toClient;
    private final LongConsumer tookEffect;
    private @Nullable String leader;
    private @Nullable String formerLeader;
    private long term;
    private final List<Appended> uncommitted = new ArrayList<>();
    private final Map<Long, Session> sessions = new TreeMap<>();
    long applied;
    private boolean kind;

    FakeGroup(Random random, BiConsumer<String, ClientRpc> toClient, LongConsumer tookEffect) {
        this.random = random;
        this.toClient = toClient;
        this.tookEffect = tookEffect;
    }

    // ---- time

    void after(long nanos, Runnable what) {
        events.add(new Event(now + nanos, order++, what));
    }

    /** Runs until that time or until nothing happens any more. */
    void runUntil(long end) {
        for (long steps = 0; !events.isEmpty() && events.element().time() <= end; steps++) {
            if (steps > 3_000_000) {
                throw new AssertionError("A storm: more than three million events by " + now / MILLI + " ms.");
            }
            Event next = events.remove();
            now = next.time();
            next.what().run();
        }
        now = end;
    }

    boolean chance(double share) {
        return random.nextDouble() < share;
    }

    long millis(int most) {
        return random.nextInt(most) * MILLI;
    }

    // ---- faults

    /** From now on one leader stays, nothing is lost, and all is said within milliseconds. */
    void heal(BiConsumer<Long, String> leaderIs) {
        kind = true;
        elect("n3");
        leaderIs.accept(term, "n3");
    }

    boolean isKind() {
        return kind;
    }

    long term() {
        return term;
    }

    @Nullable
    String leader() {
        return leader;
    }

    /** A new leader, or none for a while: some of what was not committed survives, the rest is replaced. */
    void elect(@Nullable String next) {
        term++;
        int kept = random.nextInt(uncommitted.size() + 1);
        List<Appended> gone = List.copyOf(uncommitted.subList(kept, uncommitted.size()));
        List<Appended> survivors = List.copyOf(uncommitted.subList(0, kept));
        // The old leader steps down and can only say that it does not know; of what is replaced it may learn so later.
        for (Appended each : uncommitted) {
            refuse(each.leader(), each.message(), serials(each), Refusal.NOT_LEADER, hint(), false);
        }
        uncommitted.clear();
        formerLeader = leader;
        leader = next;
        long commitAfter = millis(kind ? 5 : 800);
        after(commitAfter, () -> survivors.forEach(this::commit));
        for (Appended each : gone) {
            if (chance(0.5)) {
                after(
                        commitAfter + millis(500),
                        () -> refuse(each.leader(), each.message(), serials(each), Refusal.NOT_LEADER, hint(), true));
            }
        }
    }

    void forgetSessions() {
        sessions.clear();
    }

    // ---- requests

    void send(String node, ClientRpc request) {
        if (!kind && chance(0.1)) {
            return;
        }
        // A request may come very late, to a node that leads by then. It comes once: the transport doubles nothing.
        long delay = kind ? millis(5) : chance(0.05) ? millis(3_000) : millis(100);
        after(delay, () -> receive(node, request));
    }

    private void receive(String node, ClientRpc request) {
        if (!kind && node.equals("n5") && chance(0.7)) {
            return; // an unwell node
        }
        if (request instanceof ClientRpc.ReadIndex read) {
            readIndex(node, read);
        } else if (!node.equals(leader)) {
            refuse(node, request, serials(request), Refusal.NOT_LEADER, hint(), true);
        } else if (request instanceof ClientRpc.Open) {
            append(new Appended(node, request, 0, null));
        } else if (request instanceof ClientRpc.Propose propose) {
            int room = kind || chance(0.8)
                    ? propose.proposals().size()
                    : random.nextInt(propose.proposals().size());
            for (Proposal each : propose.proposals().subList(0, room)) {
                append(new Appended(node, propose, each.serial(), each.command()));
            }
            List<Long> noRoom =
                    serials(propose).subList(room, propose.proposals().size());
            if (!noRoom.isEmpty()) {
                refuse(node, propose, noRoom, Refusal.OVERLOADED, hint(), true);
            }
        }
    }

    private void append(Appended entry) {
        uncommitted.add(entry);
        long itsTerm = term;
        after(millis(kind ? 5 : 300), () -> {
            if (term == itsTerm) {
                commitUpTo(entry);
            }
        });
    }

    private void commitUpTo(Appended entry) {
        while (uncommitted.contains(entry)) {
            commit(uncommitted.remove(0));
        }
    }

    private void readIndex(String node, ClientRpc.ReadIndex read) {
        long index = applied;
        long itsTerm = term;
        boolean leads = node.equals(leader);
        after(millis(kind ? 5 : 400), () -> {
            if (leads && term == itsTerm) {
                answer(node, new ClientRpc.ReadReady(read.life(), read.id(), index));
            } else {
                answer(node, new ClientRpc.ReadRefused(read.life(), read.id(), Refusal.NOT_LEADER, hint()));
            }
        });
    }

    // ---- commit

    private void commit(Appended entry) {
        applied++;
        if (entry.message() instanceof ClientRpc.Open open) {
            long number = applied;
            for (Map.Entry<Long, Session> session : sessions.entrySet()) {
                if (session.getValue().life.equals(open.life())) {
                    number = session.getKey();
                }
            }
            sessions.putIfAbsent(number, new Session(open.life()));
            answerAsLeader(new ClientRpc.Opened(open.life(), number));
        } else if (entry.message() instanceof ClientRpc.Propose propose) {
            Outcome outcome = apply(propose, entry);
            answerAsLeader(new ClientRpc.Outcomes(propose.life(), propose.session(), List.of(outcome)));
        }
    }

    private Outcome apply(ClientRpc.Propose propose, Appended entry) {
        Session session = sessions.get(propose.session());
        if (session == null) {
            return new Outcome(entry.serial(), applied, new Reply.SessionUnknown());
        }
        session.lowest = Math.max(session.lowest, propose.lowest());
        session.remembered.headMap(session.lowest).clear();
        if (session.remembered.size() > 1_025) {
            throw new AssertionError("The client let " + session.remembered.size() + " replies be remembered.");
        }
        if (entry.serial() < session.lowest) {
            return new Outcome(entry.serial(), applied, new Reply.Forgotten());
        }
        return session.remembered.computeIfAbsent(entry.serial(), serial -> {
            Encoded command = Objects.requireNonNull(entry.command());
            tookEffect.accept(Long.parseLong(command.manifest()));
            return new Outcome(serial, applied, new Reply.Replied(command));
        });
    }

    // ---- answers

    private void answerAsLeader(ClientRpc answer) {
        if (leader != null) {
            answer(leader, answer);
        }
    }

    private void refuse(
            String node, ClientRpc request, List<Long> serials, Refusal why, @Nullable String hint, boolean surely) {
        long batch = request instanceof ClientRpc.Open open ? open.batch() : ((ClientRpc.Propose) request).batch();
        answer(node, new ClientRpc.Refused(request.life(), batch, serials, why, hint, surely));
    }

    private void answer(String node, ClientRpc answer) {
        int copies = kind ? 1 : chance(0.15) ? 0 : chance(0.1) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            after(kind ? millis(5) : chance(0.1) ? millis(2_000) : millis(60), () -> toClient.accept(node, answer));
        }
    }

    private @Nullable String hint() {
        if (kind) {
            return leader;
        }
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> NODES.get(random.nextInt(NODES.size()));
            case 2 -> formerLeader;
            default -> leader;
        };
    }

    private static List<Long> serials(Appended entry) {
        return entry.serial() == 0 ? List.of() : List.of(entry.serial());
    }

    private static List<Long> serials(ClientRpc request) {
        return request instanceof ClientRpc.Propose propose
                ? propose.proposals().stream().map(Proposal::serial).toList()
                : List.of();
    }
}
