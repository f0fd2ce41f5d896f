package io.murmuration.core.client;

import io.murmuration.core.model.ClientRpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The client's side of linearizable reads (thesis 6.4). Mutable. A read is confirmed only by a {@code ReadIndex} that
 * was sent after the read came; reads that come together share one. Since a read has no effect, it is asked for again
 * until its deadline, and it is handed to each new Machine until one has carried it out.
 */
final class Reads {
    /** So many reads may wait. */
    static final int READS_MAX = 10_000;
    /** So many ReadIndex may be unanswered; what comes meanwhile shares the next one. */
    static final int ROUNDS_MAX = 2;
    /** In parts of T: one that is unanswered for so long may be lost, and holds up the next one no more. */
    static final int OVERDUE_PARTS = 20;

    private static final long NOT_ASKED = 0;
    private static final long NOT_CONFIRMED = -1;

    private final ClientSettings settings;
    private final LeaderSearch search;
    private final UUID life;

    private final TreeMap<Long, Read> open = new TreeMap<>();
    private final TreeMap<Long, Read> unconfirmed = new TreeMap<>();
    private final TreeSet<Read> deadlines =
            new TreeSet<>((one, other) -> Request.BY_DEADLINE.compare(one.request, other.request));
    /** What the Machine holds; also what has expired here meanwhile, so that it is bounded there too. */
    private final Set<Long> withMachine = new HashSet<>();

    private final TreeMap<Long, Long> retryAtOfRound = new TreeMap<>();
    private long nextRound = 1;
    private long turn;
    private boolean running;
    private String whyDown;

    Reads(ClientSettings settings, LeaderSearch search, UUID life, String whyDown) {
        this.settings = settings;
        this.search = search;
        this.life = life;
        this.whyDown = whyDown;
    }

    /** One read without an answer. Mutable. */
    private static final class Read {
        final Request request;
        final boolean local;
        /** The first ReadIndex that was sent after this read came: that one or any later one confirms it. */
        long firstRound = NOT_ASKED;
        /** What must be applied before it is carried out. */
        long index = NOT_CONFIRMED;

        Read(Request request, boolean local) {
            this.request = request;
            this.local = local;
        }
    }

    // ---- what callers ask

    void read(Request request, List<Effect> out) {
        if (admit(request, out)) {
            Read read = new Read(request, false);
            add(read);
            unconfirmed.put(request.number(), read);
        }
    }

    /** A read of whatever this node has applied. It does not wait for a replica that does not run. */
    void local(Request request, List<Effect> out) {
        if (!running) {
            out.add(down(request));
        } else if (admit(request, out)) {
            Read read = new Read(request, true);
            read.index = 0;
            add(read);
            query(0, List.of(request.number()), out);
        }
    }

    private boolean admit(Request request, List<Effect> out) {
        if (Math.max(open.size(), withMachine.size()) < READS_MAX) {
            return true;
        }
        Duration after = settings.retryAfter(0);
        String sentence = Sentences.tooManyReads(settings.group(), READS_MAX, after);
        out.add(new Effect.Fail(request.number(), Failure.OVERLOADED, sentence, after));
        return false;
    }

    // ---- sending

    /**
     * Asks for an index if a read waits for one and no message on its way covers it.
     *
     * @param probing whether to ask also without a read: commands wait, and nobody has said who leads. A ReadIndex has
     *     no effect, so it may go to a node that only might lead, which a command may not
     */
    void send(boolean probing, long now, List<Effect> out) {
        follow();
        if (search.paused()) {
            return;
        }
        boolean wanted = search.known() ? uncovered() : probing || (running && !unconfirmed.isEmpty());
        boolean mayAsk = retryAtOfRound.isEmpty() || Moment.reached(overdueAt(), now);
        if (!wanted || !mayAsk) {
            return;
        }
        long round = nextRound++;
        if (running) {
            for (Read read : unconfirmed.descendingMap().values()) {
                if (read.firstRound != NOT_ASKED) {
                    break;
                }
                read.firstRound = round;
            }
        }
        retryAtOfRound.put(round, now + patience());
        search.asking();
        out.add(new Effect.Send(search.node(), new ClientRpc.ReadIndex(life, round)));
    }

    /**
     * When another ReadIndex may be sent although one is on its way. Not at once: the more reads come together
     * meanwhile and share the next one, the less each of them costs.
     */
    private long overdueAt() {
        if (!search.known() || retryAtOfRound.size() >= ROUNDS_MAX) {
            return Moment.NEVER;
        }
        return retryAtOfRound.lastEntry().getValue() - patience() + settings.tNanos() / OVERDUE_PARTS;
    }

    /** How long an answer is waited for. */
    private long patience() {
        return settings.tNanos() / 2;
    }

    /** Whether the latest read is confirmed by none of the messages on their way (it was first asked for last). */
    private boolean uncovered() {
        if (!running || unconfirmed.isEmpty()) {
            return false;
        }
        long first = unconfirmed.lastEntry().getValue().firstRound;
        return first == NOT_ASKED || retryAtOfRound.isEmpty() || retryAtOfRound.lastKey() < first;
    }

    private void follow() {
        if (turn != search.turns()) {
            turn = search.turns();
            retryAtOfRound.clear();
        }
    }

    // ---- answers

    /** A leader's confirmation, however late: it led after all those reads had come whose message it answers. */
    void ready(String from, ClientRpc.ReadReady ready, List<Effect> out) {
        if (!ready.life().equals(life) || ready.id() >= nextRound) {
            return;
        }
        search.answeredBy(from);
        retryAtOfRound.headMap(ready.id(), true).clear();
        List<Long> confirmed = new ArrayList<>();
        while (!unconfirmed.isEmpty()) {
            Read read = unconfirmed.firstEntry().getValue();
            if (read.firstRound == NOT_ASKED || read.firstRound > ready.id()) {
                break;
            }
            read.index = ready.index();
            unconfirmed.pollFirstEntry();
            confirmed.add(read.request.number());
        }
        if (running && !confirmed.isEmpty()) {
            query(ready.index(), confirmed, out);
        }
    }

    void refused(ClientRpc.ReadRefused refused, long now) {
        follow();
        if (refused.life().equals(life) && retryAtOfRound.remove(refused.id()) != null) {
            search.refused(refused.refusal(), refused.leader(), now);
        }
    }

    /** The Machine has carried these out. */
    void done(List<Long> numbers) {
        for (long number : numbers) {
            withMachine.remove(number);
            Read read = open.get(number);
            if (read != null) {
                remove(read);
            }
        }
    }

    // ---- the replica on this node

    /** There is a new Machine: what its predecessor may not have carried out is handed to it. */
    void up(List<Effect> out) {
        running = true;
        withMachine.clear();
        TreeMap<Long, List<Long>> byIndex = new TreeMap<>();
        for (Read read : open.values()) {
            if (read.index != NOT_CONFIRMED) {
                byIndex.computeIfAbsent(read.index, index -> new ArrayList<>()).add(read.request.number());
            }
        }
        for (Map.Entry<Long, List<Long>> reads : byIndex.entrySet()) {
            query(reads.getKey(), reads.getValue(), out);
        }
    }

    /** There is no Machine: local reads fail, the others wait for the next one. */
    void down(String why, List<Effect> out) {
        running = false;
        withMachine.clear();
        whyDown = why;
        for (Read read : List.copyOf(open.values())) {
            if (read.local) {
                remove(read);
                out.add(down(read.request));
            }
        }
    }

    /** Another group goes by this name now: an index of the former one says nothing. */
    void forget() {
        retryAtOfRound.clear();
        for (Read read : open.values()) {
            if (!read.local) {
                read.firstRound = NOT_ASKED;
                read.index = NOT_CONFIRMED;
                unconfirmed.put(read.request.number(), read);
            }
        }
    }

    // ---- time

    long wakeAt() {
        long at = deadlines.isEmpty() ? Moment.NEVER : deadlines.first().request.deadline();
        if (retryAtOfRound.isEmpty()) {
            return at;
        }
        at = Moment.earlier(at, retryAtOfRound.firstEntry().getValue());
        boolean waits = !search.paused() && search.known() && uncovered();
        return waits ? Moment.earlier(at, overdueAt()) : at;
    }

    void expire(long now, List<Effect> out) {
        while (!deadlines.isEmpty() && Moment.reached(deadlines.first().request.deadline(), now)) {
            Read read = deadlines.first();
            remove(read);
            out.add(tooLate(read, now));
        }
    }

    private Effect.Fail tooLate(Read read, long now) {
        if (!running) {
            return down(read.request);
        }
        String sentence = read.index == NOT_CONFIRMED
                ? Sentences.noLeader(settings.group(), read.request, search, now)
                : Sentences.notApplied(settings.group(), read.request, read.index, now);
        return new Effect.Fail(read.request.number(), Failure.NO_LEADER, sentence);
    }

    /** Gives up on what was not answered in time; what was waiting for it is asked for again. */
    void retry(long now) {
        follow();
        boolean silent = false;
        while (!retryAtOfRound.isEmpty()
                && Moment.reached(retryAtOfRound.firstEntry().getValue(), now)) {
            retryAtOfRound.pollFirstEntry();
            silent = true;
        }
        if (silent) {
            search.silent();
        }
    }

    void close(String why, List<Effect> out) {
        for (Read read : List.copyOf(open.values())) {
            remove(read);
            String sentence = Sentences.closed(settings.group(), why);
            out.add(new Effect.Fail(read.request.number(), Failure.CLOSED, sentence));
        }
    }

    // ---- bookkeeping

    private Effect.Fail down(Request request) {
        return new Effect.Fail(request.number(), Failure.CLOSED, Sentences.replicaDown(settings.group(), whyDown));
    }

    private void query(long index, List<Long> numbers, List<Effect> out) {
        withMachine.addAll(numbers);
        out.add(new Effect.Query(index, numbers));
    }

    private void add(Read read) {
        open.put(read.request.number(), read);
        deadlines.add(read);
    }

    private void remove(Read read) {
        open.remove(read.request.number());
        unconfirmed.remove(read.request.number());
        deadlines.remove(read);
    }
}
