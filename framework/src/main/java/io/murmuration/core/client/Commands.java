package io.murmuration.core.client;

import io.murmuration.core.client.Pending.Batch;
import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.InvariantViolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one session at a time (§8, thesis 6.3): "The solution is for clients to assign unique serial
 * numbers to every command." Mutable. A command that has left keeps its session and serial whatever is retried; <em>not
 * applied</em> is said of it only if no copy left or each one that left was surely refused. A session lives as long as
 * this life of the Gateway, and if the Machine no longer knows it, the next one belongs to a new life [B2].
 */
final class Commands {
    /** How far serials may run ahead of the lowest unanswered one: the replies that the Machine must remember [B8]. */
    static final int WINDOW = 1_024;
    /** The commands of one message; a single larger one travels alone. */
    static final int BATCH_BYTES_MAX = 128 << 10;

    /** An unanswered message is retried after 2 T, then 4 T, then 8 T. */
    private static final int DOUBLINGS_MAX = 2;

    private final ClientSettings settings;
    private final LeaderSearch search;
    private final RandomGenerator random;

    private final Backlog backlog = new Backlog();
    private final InFlight inFlight = new InFlight();

    private UUID life;
    private long session;
    /** When the session was last known to be alive; meaningless before there is one. */
    private long usedAt;

    private long nextSerial = 1;
    private long nextBatch = 1;
    private @Nullable Batch opening;
    private int openingSilences;
    private long turn;

    private long calmUntil = Moment.NEVER;
    /** The leader's refusals for lack of room since it last answered. */
    private int calmings;

    Commands(ClientSettings settings, LeaderSearch search, RandomGenerator random) {
        this.settings = settings;
        this.search = search;
        this.random = random;
        life = newLife();
    }

    // ---- what callers ask

    void ask(Request request, Encoded command, List<Effect> out) {
        long lowest = backlog.lowestOr(nextSerial);
        if (backlog.bytes() + command.size() > settings.bytesMax()) {
            Duration after = settings.retryAfter(calmings);
            String sentence = Sentences.tooManyBytes(settings.group(), backlog.bytes(), settings.bytesMax(), after);
            out.add(new Effect.Fail(request.number(), Failure.OVERLOADED, sentence, after));
            return;
        }
        if (nextSerial - lowest > WINDOW) {
            Duration after = settings.retryAfter(calmings);
            String sentence = Sentences.tooManySerials(settings.group(), lowest, WINDOW, after);
            out.add(new Effect.Fail(request.number(), Failure.OVERLOADED, sentence, after));
            return;
        }
        backlog.add(new Pending(request, command, nextSerial++));
    }

    Backlog open() {
        return backlog;
    }

    // ---- sending

    /** Sends what there is room for, serials ascending; before the first command the session is opened. */
    void send(long now, List<Effect> out) {
        follow();
        if (Moment.reached(calmUntil, now)) {
            calmUntil = Moment.NEVER;
        }
        if (backlog.isEmpty() || !search.known() || search.paused() || calmUntil != Moment.NEVER) {
            return;
        }
        if (session == 0 || mustRenew(now)) {
            open(now, out);
            return;
        }
        List<Pending> next = next();
        while (!next.isEmpty()) {
            propose(next, now, out);
            next = next();
        }
    }

    /**
     * Whether the session may have expired, although nothing was asked in it: it is opened again by the same life, so
     * that no command is lost to that. While a command that left has no outcome its session stays what it is.
     */
    private boolean mustRenew(long now) {
        return now - usedAt > settings.renewNanos() && !backlog.someLeft();
    }

    private void open(long now, List<Effect> out) {
        if (opening == null) {
            opening = new Batch(nextBatch++, now + patience(openingSilences));
            search.asking();
            out.add(new Effect.Send(search.node(), new ClientRpc.Open(life, opening.number)));
        }
    }

    /**
     * What goes into the next message: as much as one may hold, and as the bound of what is in flight leaves room for.
     */
    private List<Pending> next() {
        List<Pending> next = new ArrayList<>();
        long size = 0;
        for (Pending command : backlog.unsent()) {
            size += command.command.size();
            if ((size > BATCH_BYTES_MAX && !next.isEmpty()) || !inFlight.hasRoomFor(size)) {
                break;
            }
            next.add(command);
        }
        return next;
    }

    private void propose(List<Pending> commands, long now, List<Effect> out) {
        int silences = 0;
        for (Pending command : commands) {
            silences = Math.max(silences, command.silences);
        }
        Batch batch = new Batch(nextBatch++, now + patience(silences));
        List<ClientRpc.Proposal> proposals = new ArrayList<>(commands.size());
        for (Pending command : commands) {
            if (command.session != 0 && command.session != session) {
                throw new InvariantViolation("A command that left as serial " + command.serial + " of session "
                        + command.session + " must not leave again in session " + session + ".");
            }
            if (command.session == 0) {
                command.session = session;
                command.firstSentAt = now;
            }
            command.sentTo = search.node();
            command.copies.leaves(batch.number);
            proposals.add(new ClientRpc.Proposal(command.serial, command.command));
        }
        inFlight.depart(batch, commands);
        backlog.sent(commands);
        search.asking();
        long lowest = backlog.lowestOr(nextSerial);
        out.add(new Effect.Send(search.node(), new ClientRpc.Propose(life, batch.number, session, lowest, proposals)));
    }

    /** If somebody else is to be asked by now, all that has no outcome is to be sent there. */
    private void follow() {
        if (turn == search.turns()) {
            return;
        }
        turn = search.turns();
        opening = null;
        calmUntil = Moment.NEVER;
        calmings = 0;
        inFlight.landAll();
        backlog.sendAllAgain();
    }

    // ---- answers

    void opened(String from, ClientRpc.Opened opened, long now, List<Effect> out) {
        if (!opened.life().equals(life) || (session != 0 && !renewedBy(opened, now))) {
            return;
        }
        if (session != opened.session()) {
            out.add(new Effect.Report("opened session " + opened.session()
                    + (session == 0 ? "" : " (session " + session + " had expired)")));
        }
        session = opened.session();
        usedAt = now;
        opening = null;
        openingSilences = 0;
        search.answeredBy(from);
    }

    /** A session is numbered by the index at which it was opened, so an older one is only a late answer. */
    private boolean renewedBy(ClientRpc.Opened opened, long now) {
        return mustRenew(now) && opened.session() >= session;
    }

    void outcomes(String from, ClientRpc.Outcomes outcomes, long now, List<Effect> out) {
        if (!outcomes.life().equals(life) || session == 0 || outcomes.session() != session) {
            return;
        }
        search.answeredBy(from);
        usedAt = now;
        // Not calmUntil: a leader that is busy answering must not be sent at once what it has just refused for lack of
        // room.
        calmings = 0;
        boolean lost = false;
        for (Outcome outcome : outcomes.outcomes()) {
            lost |= outcome.reply() instanceof Reply.SessionUnknown;
            Pending command = backlog.bySerial(outcome.serial());
            if (command != null) {
                settle(command, outcome, now, out);
            }
        }
        if (lost) {
            lose(now, out);
        }
    }

    private void settle(Pending command, Outcome outcome, long now, List<Effect> out) {
        remove(command);
        if (outcome.reply() instanceof Reply.Forgotten) {
            unknown(command, now, "the group no longer remembers it", out);
        } else if (outcome.reply() instanceof Reply.SessionUnknown) {
            refusedWithItsSession(command, now, out);
        } else {
            out.add(new Effect.Answer(command.request.number(), outcome.index(), outcome.reply()));
        }
    }

    /** This copy was not applied, and none that is committed later will be; an earlier one may have been. */
    private void refusedWithItsSession(Pending command, long now, List<Effect> out) {
        if (command.copies.oneAtMost()) {
            String sentence = Sentences.sessionEnded(settings.group(), command);
            out.add(new Effect.Fail(command.request.number(), Failure.SESSION_ENDED, sentence));
        } else {
            unknown(command, now, "the session had ended when the last of them was applied", out);
        }
    }

    void refused(String from, ClientRpc.Refused refused, long now) {
        if (!refused.life().equals(life)) {
            return;
        }
        follow();
        boolean current = opening != null && refused.serials().isEmpty() && opening.number == refused.batch();
        if (current) {
            opening = null;
        }
        for (long serial : refused.serials()) {
            Pending command = backlog.bySerial(serial);
            if (command == null) {
                continue;
            }
            if (refused.surely()) {
                command.copies.surelyRefused(refused.batch());
            }
            command.refusal = refused.refusal();
            if (command.batch != null && command.batch.number == refused.batch()) {
                current = true;
                inFlight.land(command);
                backlog.sendAgain(List.of(command));
            }
        }
        // A refusal of what was sent to somebody else before says nothing about the node that is being asked now.
        if (!current) {
            return;
        }
        if (refused.refusal() == ClientRpc.Refusal.OVERLOADED) {
            search.overloaded(from);
            calmUntil = now + Math.min(2 * settings.tNanos(), (settings.tNanos() / 5) << calmings);
            calmings = Math.min(calmings + 1, 5);
        } else {
            search.refused(refused.refusal(), refused.leader(), now);
        }
    }

    /**
     * The Machine does not know the session: what left is unknown, what did not goes on in the session of a new life.
     */
    void lose(long now, List<Effect> out) {
        if (session != 0) {
            out.add(new Effect.Report("lost session " + session + " (the group no longer knows it)"));
        }
        List<Pending> all = backlog.removeAll();
        inFlight.landAll();
        life = newLife();
        session = 0;
        opening = null;
        openingSilences = 0;
        nextSerial = 1;
        for (Pending command : all) {
            if (command.copies.mayTakeEffect()) {
                unknown(command, now, "the session has ended meanwhile", out);
            } else if (command.session != 0) {
                String sentence = Sentences.sessionEnded(settings.group(), command);
                out.add(new Effect.Fail(command.request.number(), Failure.SESSION_ENDED, sentence));
            } else {
                command.serial = nextSerial++;
                backlog.add(command);
            }
        }
    }

    // ---- time

    /** When {@link #expire}, {@link #retry} or {@link #send} has something to do, if nothing else happens. */
    long wakeAt() {
        Pending first = backlog.nextToExpire();
        if (first == null) {
            return Moment.NEVER;
        }
        long at = Moment.earlier(first.request.deadline(), inFlight.retryAt());
        at = Moment.earlier(at, opening == null ? Moment.NEVER : opening.retryAt);
        return Moment.earlier(at, calmUntil);
    }

    /** Releases the commands whose callers no longer wait, and says honestly what is known of them. */
    void expire(long now, String notJoined, List<Effect> out) {
        Pending command = backlog.nextToExpire();
        while (command != null && Moment.reached(command.request.deadline(), now)) {
            remove(command);
            if (command.copies.mayTakeEffect()) {
                unknown(command, now, "no outcome came by the deadline", out);
            } else {
                out.add(neverTook(command, notJoined, now));
            }
            command = backlog.nextToExpire();
        }
    }

    private Effect.Fail neverTook(Pending command, String notJoined, long now) {
        Request request = command.request;
        String group = settings.group();
        if (!notJoined.isEmpty()) {
            return new Effect.Fail(
                    request.number(), Failure.NO_LEADER, Sentences.notJoined(group, request, now, notJoined));
        }
        if (command.refusal == ClientRpc.Refusal.OVERLOADED || calmUntil != Moment.NEVER) {
            Duration after = settings.retryAfter(calmings);
            String sentence = Sentences.leaderOverloaded(group, request, search, now, after);
            return new Effect.Fail(request.number(), Failure.OVERLOADED, sentence, after);
        }
        return new Effect.Fail(request.number(), Failure.NO_LEADER, Sentences.noLeader(group, request, search, now));
    }

    /** Takes back what was not answered in time, so that it is sent again with the same serials. */
    void retry(long now) {
        follow();
        List<Pending> overdue = inFlight.overdue(now);
        overdue.forEach(command -> command.silences++);
        backlog.sendAgain(overdue);
        boolean silent = !overdue.isEmpty();
        if (opening != null && Moment.reached(opening.retryAt, now)) {
            opening = null;
            openingSilences++;
            silent = true;
        }
        if (silent) {
            search.silent();
        }
    }

    /** Nobody is answered any more: fails all that waits. */
    void close(String why, long now, List<Effect> out) {
        inFlight.landAll();
        for (Pending command : backlog.removeAll()) {
            if (command.copies.mayTakeEffect()) {
                unknown(command, now, "the group was closed here (" + why + ")", out);
            } else {
                out.add(new Effect.Fail(
                        command.request.number(), Failure.CLOSED, Sentences.closed(settings.group(), why)));
            }
        }
    }

    // ---- bookkeeping

    private void remove(Pending command) {
        inFlight.land(command);
        backlog.remove(command);
    }

    private void unknown(Pending command, long now, String what, List<Effect> out) {
        String sentence = Sentences.unknown(settings.group(), command, now, what);
        out.add(new Effect.Fail(command.request.number(), Failure.UNKNOWN, sentence));
    }

    private long patience(int silences) {
        return (2 * settings.tNanos()) << Math.min(silences, DOUBLINGS_MAX);
    }

    private UUID newLife() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
