package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a Gateway decides: whom to ask, what to send again, and what may honestly be said of it (§8, thesis 6.3 and
 * 6.4). Mutable; one method for each message, each returns the effects in the order in which they are to be performed.
 * Every request ends by its deadline, with an answer or with a failure that is true.
 */
public final class Client {
    private static final String RECOVERING = "The replica is being started.";

    private final LeaderSearch search;
    private final Commands commands;
    private final Reads reads;
    private final ClientSettings settings;
    private final RandomGenerator random;
    private final Orders orders;
    private final String group;
    /** Only a node without a replica has any. */
    private @Nullable Queries queries;

    private List<String> nodes;

    private boolean joined;
    private boolean flushing;
    private String whyDown = RECOVERING;
    private @Nullable String closed;

    /**
     * A client that knows nobody yet.
     *
     * @param settings names and bounds
     * @param random draws the lives; a strong one, since two Gateways must never draw the same
     */
    public Client(ClientSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        group = settings.group();
        nodes = settings.members();
        search = new LeaderSearch(settings);
        commands = new Commands(settings, search, random);
        UUID life = new UUID(random.nextLong(), random.nextLong());
        reads = new Reads(settings, search, life, RECOVERING);
        orders = new Orders(settings, search, life);
    }

    /**
     * A caller asks for a command to be carried out.
     *
     * @param request the shell's number, and how long the caller waits
     * @param command the command
     * @param now the time
     * @return what to do
     */
    public List<Effect> ask(Request request, Encoded command, long now) {
        List<Effect> out = new ArrayList<>(2);
        if (admit(request, out)) {
            commands.ask(request, command, out);
            flushSoon(out);
        }
        return out;
    }

    /**
     * A caller wants to read linearizably.
     *
     * @param request the shell's number, and how long the caller waits
     * @param now the time
     * @return what to do
     */
    public List<Effect> read(Request request, long now) {
        List<Effect> out = new ArrayList<>(2);
        if (admit(request, out)) {
            reads.read(request, out);
            flushSoon(out);
        }
        return out;
    }

    /**
     * A caller wants to read what this node has.
     *
     * @param request the shell's number, and how long the caller waits
     * @param now the time
     * @return what to do
     */
    public List<Effect> readLocal(Request request, long now) {
        List<Effect> out = new ArrayList<>(2);
        if (admit(request, out)) {
            reads.local(request, out);
        }
        return out;
    }

    /**
     * A caller asks a typed query, which another node is to answer.
     *
     * @param request the shell's number, and how long the caller waits
     * @param query the query
     * @param now the time
     * @return what to do
     */
    public List<Effect> query(Request request, Encoded query, long now) {
        List<Effect> out = new ArrayList<>(2);
        if (admit(request, out)) {
            queries().ask(request, query, out);
        }
        return proceed(now, out);
    }

    /**
     * An operator orders something of the group.
     *
     * @param request the shell's number, and how long the operator waits
     * @param order what is to be
     * @param now the time
     * @return what to do
     */
    public List<Effect> order(Request request, Order order, long now) {
        List<Effect> out = new ArrayList<>(2);
        if (admit(request, out)) {
            orders.order(request, order, now, out);
        }
        return proceed(now, out);
    }

    private Queries queries() {
        Queries known = queries;
        if (known == null) {
            known = new Queries(settings, new UUID(random.nextLong(), random.nextLong()));
            known.nodes(nodes);
            queries = known;
        }
        return known;
    }

    /**
     * Who is to be asked from now on: the members of the group, as far as they are known.
     *
     * @param members their names
     * @param now the time
     * @return what to do
     */
    public List<Effect> members(List<String> members, long now) {
        if (members.isEmpty()) {
            return List.of();
        }
        nodes = List.copyOf(members);
        search.members(nodes);
        if (queries != null) {
            queries.nodes(nodes);
        }
        return proceed(now, new ArrayList<>());
    }

    /**
     * The mailbox has been drained since {@link Effect.FlushSoon}.
     *
     * @param now the time
     * @return what to do
     */
    public List<Effect> flush(long now) {
        flushing = false;
        return wake(now);
    }

    /**
     * The time {@link #wakeAt} has come (or not: being woken too often does no harm).
     *
     * @param now the time
     * @return what to do
     */
    public List<Effect> wake(long now) {
        List<Effect> out = new ArrayList<>();
        String notJoined = joined ? "" : whyDown;
        commands.expire(now, notJoined, out);
        reads.expire(now, out);
        orders.expire(now, out);
        commands.retry(now);
        reads.retry(now);
        if (queries != null) {
            queries.expire(now, notJoined, out);
            queries.retry(now);
        }
        return proceed(now, out);
    }

    /**
     * When to {@link #wake} if nothing else happens.
     *
     * @return a time, or {@code Long.MAX_VALUE} for never
     */
    public long wakeAt() {
        long at = Moment.earlier(Moment.earlier(commands.wakeAt(), reads.wakeAt()), orders.wakeAt());
        at = at == Moment.NEVER ? at : Moment.earlier(at, search.resumeAt());
        return queries == null ? at : Moment.earlier(at, queries.wakeAt());
    }

    /**
     * This node's Election says who leads.
     *
     * @param term the term
     * @param leader the node that leads it, or null if none is known
     * @param now the time
     * @return what to do
     */
    public List<Effect> leaderIs(long term, @Nullable String leader, long now) {
        search.heard(term, leader);
        return proceed(now, new ArrayList<>());
    }

    /**
     * The replica of this node runs, so the group's id is known and there is a Machine.
     *
     * @param another whether the group's id is another one than before: what this client knew of sessions is void then
     * @param now the time
     * @return what to do
     */
    public List<Effect> up(boolean another, long now) {
        List<Effect> out = new ArrayList<>();
        if (closed != null) {
            return out;
        }
        join(another, now, out);
        search.deaf();
        reads.up(out);
        return proceed(now, out);
    }

    /**
     * The group's id is known, although no replica runs on this node: commands go to the others, reads still wait.
     *
     * @param another whether the group's id is another one than before: what this client knew of sessions is void then
     * @param now the time
     * @return what to do
     */
    public List<Effect> known(boolean another, long now) {
        List<Effect> out = new ArrayList<>();
        if (closed == null) {
            join(another, now, out);
        }
        return proceed(now, out);
    }

    /**
     * The group has these members. Whoever leads is looked for among them from now on, whoever founded the group.
     *
     * @param members the members in force as far as this node knows
     * @param now the time
     * @return what to do
     */
    public List<Effect> membersAre(Members members, long now) {
        return members(
                members.everyone()
                        .filter(members::votes)
                        .map(Peer::node)
                        .distinct()
                        .toList(),
                now);
    }

    private void join(boolean another, long now, List<Effect> out) {
        joined = true;
        if (another) {
            commands.lose(now, out);
            reads.forget();
        }
    }

    /**
     * The replica of this node does not run. Commands go on if the group's id is known.
     *
     * @param why what happened, as a sentence
     * @param now the time
     * @return what to do
     */
    public List<Effect> down(String why, long now) {
        List<Effect> out = new ArrayList<>();
        whyDown = why;
        search.deaf();
        reads.down(why, out);
        return proceed(now, out);
    }

    /**
     * A node answers.
     *
     * @param from the node
     * @param answer what it says; what is no answer to a client is ignored
     * @param now the time
     * @return what to do
     */
    public List<Effect> received(String from, ClientRpc answer, long now) {
        List<Effect> out = new ArrayList<>();
        if (answer instanceof ClientRpc.Outcomes outcomes) {
            commands.outcomes(from, outcomes, now, out);
        } else if (answer instanceof ClientRpc.Opened opened) {
            commands.opened(from, opened, now, out);
        } else if (answer instanceof ClientRpc.Refused refused) {
            commands.refused(from, refused, now);
        } else if (answer instanceof ClientRpc.ReadReady ready) {
            reads.ready(from, ready, out);
        } else if (answer instanceof ClientRpc.ReadRefused refused) {
            reads.refused(refused, now);
        } else if (answer instanceof ClientRpc.Answer answered && queries != null) {
            queries.answered(from, answered, out);
        } else if (answer instanceof ClientRpc.QueryRefused refused && queries != null) {
            queries.refused(from, refused, now);
        } else if (answer instanceof ClientRpc.Ruled ruled) {
            orders.ruled(from, ruled, now, out);
        }
        return proceed(now, out);
    }

    /**
     * The Machine has carried out reads; their callers have been answered.
     *
     * @param numbers the reads, as {@link Effect.Query} named them
     * @return what to do
     */
    public List<Effect> readsDone(List<Long> numbers) {
        reads.done(numbers);
        return List.of();
    }

    /**
     * Nothing is answered any more: what is open fails honestly, and what comes from now on fails at once.
     *
     * @param why what is being stopped, as a sentence
     * @param now the time
     * @return what to do
     */
    public List<Effect> close(String why, long now) {
        List<Effect> out = new ArrayList<>();
        closed = why;
        commands.close(why, now, out);
        reads.close(why, out);
        if (queries != null) {
            queries.close(why, out);
        }
        orders.close(why, out);
        return out;
    }

    /** {@return what waits on this node at this moment of the monotonic clock} */
    public ClientView view(long now) {
        return ClientView.of(commands.open(), search, settings.bytesMax(), now);
    }

    private boolean admit(Request request, List<Effect> out) {
        if (closed == null) {
            return true;
        }
        out.add(new Effect.Fail(request.number(), Failure.CLOSED, Sentences.closed(group, closed)));
        return false;
    }

    private void flushSoon(List<Effect> out) {
        if (!flushing) {
            flushing = true;
            out.add(new Effect.FlushSoon());
        }
    }

    /** After each message: what can be sent by now, is. */
    private List<Effect> proceed(long now, List<Effect> out) {
        search.resume(now);
        if (joined && closed == null) {
            commands.send(now, out);
            reads.send(!commands.open().isEmpty(), now, out);
            if (queries != null) {
                queries.send(now, out);
            }
            orders.send(now, out);
        }
        return out;
    }
}
