package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Machine;
import io.murmuration.core.election.Election;
import io.murmuration.core.election.Role;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Members;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks, in worlds with one kind of fault, when somebody else must lead: soon after something of the leader stands
 * still, at once when it is stopped in order, and else not at all. Mutable. Looks at all nodes four times in T, from
 * outside: what it knows of disks, folds and logs does not come from Election.
 */
final class LeadershipWatch {
    /** A stall time-out is 4 T. */
    private static final int RESIGNS_TIMEOUTS = 8;
    /** Who resigns has seen nothing move for 4 T; it may have seen the last movement late. */
    private static final int STILL_TIMEOUTS = 3;
    /** "At most one handover in 10 x T" (protocol rule Election 8). */
    private static final int REST_TIMEOUTS = 10;

    private final RunningGroup world;
    private final @Nullable Fault alone;
    private final Standstills standstills;
    private final long timeout;
    private final List<Seen> seen = new ArrayList<>();
    private boolean calm;
    /** Who is stopped in order, and must be followed by another leader at once. */
    private @Nullable SimNode leaving;

    private long leaderlessSince;
    private boolean leaderless;

    /** What waits, and since when nothing has moved. */
    private static final class Moves {
        private boolean waits;
        private long reached;
        private long since;
        private long endedAt;
        private long ended;

        void at(long now, boolean more, long index) {
            if (!more || !waits || index != reached) {
                ended = span(now);
                endedAt = now;
                since = now;
            }
            waits = more;
            reached = index;
        }

        long span(long now) {
            return waits ? now - since : 0;
        }

        /** The same as who looks a little later than it happens may still believe. */
        long believed(long now, long late) {
            return now - endedAt < late ? Math.max(ended, span(now)) : span(now);
        }
    }

    /** What is known of one node. */
    private static final class Seen {
        final Moves disk = new Moves();
        final Moves fold = new Moves();
        /** What is committed, while it leads. */
        final Moves commit = new Moves();

        long leadsTerm = -1;
        /** Since when somebody else could lead. */
        long replaceableSince;
        /** Since when another one has applied more. */
        long behindSince;

        long runsSince;
        long restsUntil;
        /** The last term in which it told somebody to campaign. */
        long toldInTerm = -1;

        /** How long the longest of all that hangs has hung; the fold counts where somebody else has applied more. */
        long hangs(long log, long now) {
            long told = toldInTerm == leadsTerm ? 0 : commit.span(now);
            long folds = Math.min(fold.span(now), now - behindSince);
            return Math.max(Math.max(disk.span(now), log), Math.max(told, folds));
        }
    }

    LeadershipWatch(RunningGroup world, @Nullable Fault alone, Standstills standstills) {
        this.world = world;
        this.alone = alone;
        this.standstills = standstills;
        this.timeout = world.group().electionTimeout().toNanos();
        world.group().names().forEach(name -> seen.add(new Seen()));
    }

    void begin() {
        if (alone != null) {
            world.later(timeout / 4, "", () -> {
                if (!calm) {
                    look();
                    begin();
                }
            });
        }
    }

    void calm() {
        calm = true;
    }

    private void look() {
        world.nodes().forEach(this::look);
        world.nodes().forEach(this::mustNotHang);
        mustNotBeWithoutLeader();
    }

    private void look(SimNode node) {
        long now = world.now();
        Seen own = seen.get(node.number());
        Election election = node.election();
        ReplicatedLog log = node.log();
        Machine<?> machine = node.machine();
        if (election == null || log == null || machine == null) {
            own.runsSince = now;
            own.leadsTerm = -1;
            own.disk.at(now, false, 0);
            own.fold.at(now, false, 0);
            own.commit.at(now, false, 0);
            return;
        }
        long term = leads(node) ? election.view(node.nanos()).term() : -1;
        own.disk.at(now, node.disk().unsynced() > 0, node.disk().durable());
        own.fold.at(
                now, log.commit() > machine.applied().index(), machine.applied().index());
        own.commit.at(now, term >= 0 && term == own.leadsTerm && log.last().index() > log.commit(), log.commit());
        own.leadsTerm = term;
    }

    private static boolean leads(SimNode node) {
        Election election = node.election();
        return election != null && election.view(node.nanos()).role() == Role.LEADER;
    }

    private void mustNotHang(SimNode node) {
        long now = world.now();
        Seen own = seen.get(node.number());
        List<SimNode> well = othersThatAreWell(node);
        if (own.leadsTerm < 0 || now < own.restsUntil || !decide(node, well)) {
            own.replaceableSince = now;
        }
        if (well.stream().noneMatch(other -> applied(other) > applied(node))) {
            own.behindSince = now;
        }
        long log = standstills.span(node, Actor.LOG, now);
        long hangs = Math.min(own.hangs(log, now), now - own.replaceableSince);
        if (hangs > RESIGNS_TIMEOUTS * timeout + timeout / 2) {
            throw Invariant.PROMPT_RESIGNATION.violatedBy(node.name() + " leads although for " + hangs / Mix.MILLI
                    + " ms " + what(own, log, now) + ", and " + names(well) + " are well.");
        }
    }

    private static String what(Seen own, long log, long now) {
        if (log > 0) {
            return "its Log has heard nothing";
        }
        return own.disk.span(now) > 0
                ? "its disk has written nothing"
                : own.fold.span(now) > 0 ? "it has applied nothing" : "it has committed nothing";
    }

    private List<SimNode> othersThatAreWell(SimNode node) {
        long now = world.now();
        return world.nodes().stream()
                .filter(other -> other != node && other.election() != null)
                .filter(other -> !standstills.any(other, now))
                .filter(other -> seen.get(other.number()).disk.span(now) < timeout)
                .toList();
    }

    /** Whether these can elect one of them. */
    private boolean decide(SimNode node, List<SimNode> some) {
        Members members = world.witness().configurations().of(node);
        return Configurations.survives(members, voter -> some.stream().anyMatch(other -> voter.equals(other.self())));
    }

    private static long applied(SimNode node) {
        Machine<?> machine = node.machine();
        return machine == null ? 0 : machine.applied().index();
    }

    private static List<String> names(List<SimNode> nodes) {
        return nodes.stream().map(SimNode::name).toList();
    }

    /** A leader tells somebody to campaign, or has somebody brought level first. */
    void handsOver(SimNode node) {
        long now = world.now();
        Seen own = seen.get(node.number());
        if (alone == null || alone == Fault.RETIREMENT || calm) {
            return;
        }
        long written = Math.max(own.disk.believed(now, timeout), standstills.apparent(node, Actor.STORE, now));
        long folded = Math.max(own.fold.believed(now, timeout), standstills.apparent(node, Actor.MACHINE, now));
        long heard = Math.max(own.commit.believed(now, timeout), standstills.apparent(node, Actor.LOG, now));
        long still = Math.max(written, Math.max(folded, heard));
        if (now >= own.restsUntil && still < STILL_TIMEOUTS * timeout) {
            throw Invariant.STEADY_LEADER.violatedBy(node.name() + " hands over although nothing of it has stood still"
                    + " for longer than " + still / Mix.MILLI + " ms.");
        }
        if (now >= own.restsUntil) {
            own.restsUntil = now + REST_TIMEOUTS * timeout;
        }
        own.toldInTerm = own.leadsTerm;
    }

    // ---- who is stopped in order

    /** A process is told to stop. */
    void retires(SimNode node) {
        long now = world.now();
        boolean steady = alone == Fault.RETIREMENT
                && leaving == null
                && leads(node)
                && seen.stream().allMatch(each -> now - each.runsSince > 4 * timeout)
                && world.nodes().stream().allMatch(each -> each.election() != null)
                && decide(node, othersThatAreWell(node));
        if (steady) {
            leaving = node;
            leaderless = false;
        }
    }

    /** Its process ends. */
    void stopped(SimNode node) {
        if (node == leaving && !leaderless) {
            without();
        }
    }

    private void without() {
        leaderless = true;
        leaderlessSince = world.now();
    }

    void became(SimNode node, Role role) {
        if (node == leaving && role != Role.LEADER && !leaderless) {
            without();
        } else if (node != leaving && role == Role.LEADER) {
            mustNotBeWithoutLeader();
            leaving = null;
        }
    }

    private void mustNotBeWithoutLeader() {
        SimNode gone = leaving;
        if (gone != null && leaderless && world.now() - leaderlessSince > timeout) {
            throw Invariant.GENTLE_RETIREMENT.violatedBy(gone.name() + " was stopped in order, but nobody has led for "
                    + (world.now() - leaderlessSince) / Mix.MILLI + " ms.");
        }
    }
}
