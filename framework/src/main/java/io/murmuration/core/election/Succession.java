package io.murmuration.core.election;

import io.murmuration.core.model.ElectionRpc.CampaignNow;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.Collection;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who is to lead after this leader, and when (thesis 3.10, protocol rules Election 7 and 8). Mutable, one for each
 * leadership.
 *
 * <p>Log brings the successor level first, so that nothing is lost, unless it is Log or its disk that hangs. Then, and
 * if nothing reaches a majority, the successor is told to campaign as it is. If there is nobody who could win, this
 * node stays: a hung leader is better than none.
 */
final class Succession {
    private final Desk desk;
    private final LongFunction<Collection<Standing>> voters;
    private final Lease lease;
    private final Preference preference;
    /** Who is to take over, from the moment when Log, or the node itself, is told. */
    private @Nullable Peer successor;
    /** Whether it is told to campaign, again and again. */
    private boolean campaigns;

    private boolean preferred;
    private boolean leaving;
    private boolean stuckReported;
    private boolean greyReported;
    private long until;
    private long tellAt;
    private long lookAt;

    /**
     * @param voters the other voters that were heard within T, at a moment
     * @param lease ends when somebody is told to campaign
     */
    Succession(Desk desk, LongFunction<Collection<Standing>> voters, Lease lease, long now) {
        this.desk = desk;
        this.voters = voters;
        this.lease = lease;
        this.preference = new Preference(desk, now);
        this.lookAt = now;
    }

    /** Looks whether somebody else should lead, or is to be told again. As cheap as rounds for reads are frequent. */
    void look(long now) {
        if (now - lookAt < 0) {
            return;
        }
        lookAt = now + desk.timeout / 20;
        if (successor != null && now - until >= 0) {
            failed(now);
        }
        if (campaigns) {
            tell(now);
            return;
        }
        Collection<Standing> heard = voters.apply(now);
        if (resignsUnlevelled(heard, now) || successor != null) {
            return;
        }
        if (leaving) {
            leave(heard, now);
        } else {
            resignsLevelled(heard, now);
        }
    }

    /** Whether nobody is to take over. */
    boolean isAtEase() {
        return successor == null && !leaving;
    }

    /** Log says something about a hand-over. */
    void step(HandOverStep step, long now) {
        if (step instanceof HandOverStep.Wanted wanted) {
            wanted(wanted.to(), now);
        } else if (step instanceof HandOverStep.Level level && level.to().equals(successor)) {
            campaign(level.to(), now);
        } else if (step instanceof HandOverStep.GivenUp && successor != null) {
            failed(now);
        }
    }

    /** This node is being stopped: whoever is best suited takes over, if there is anybody. */
    void retire(long now) {
        leaving = true;
        if (successor == null) {
            leave(voters.apply(now), now);
        }
    }

    private void wanted(@Nullable String to, long now) {
        if (successor != null) {
            answer(new HandOverStep.Nobody("One hand-over at a time: leadership is being handed to " + successor.node()
                    + "; order again when that is over."));
            return;
        }
        Collection<Standing> heard = voters.apply(now);
        Optional<Peer> chosen = to == null
                ? SuccessorRule.furthest(heard)
                : SuccessorRule.furthest(heard.stream()
                        .filter(standing -> standing.peer().node().equals(to))
                        .toList());
        if (chosen.isPresent()) {
            choose(chosen.get(), now);
        } else {
            answer(new HandOverStep.Nobody(nobody(to, heard)));
        }
    }

    private static String nobody(@Nullable String to, Collection<Standing> heard) {
        if (to == null) {
            return "No other voter answers heartbeats and is well, so none can lead. Start another, and order again.";
        }
        boolean ill = heard.stream().anyMatch(standing -> standing.peer().node().equals(to));
        return ill
                ? to + " says that it is being stopped, or that its own disk, Log or fold hangs, so it should not lead."
                        + " Look there, or name another."
                : to + " does not answer heartbeats, so it cannot lead. Look whether it runs, or name another.";
    }

    private void leave(Collection<Standing> heard, long now) {
        SuccessorRule.furthest(heard)
                .ifPresentOrElse(best -> choose(best, now), () -> desk.emit(new Effect.Relieved()));
    }

    /** Log, its disk, or the way to the others hangs: the successor campaigns as it is [B11], [C10]. */
    private boolean resignsUnlevelled(Collection<Standing> heard, long now) {
        boolean log = desk.pulses.logHangs(now);
        boolean disk = desk.pulses.diskHangs(now);
        boolean grey = !greyReported && desk.pulses.nothingCommits(now) && majorityAnswers(heard);
        if (!log && !disk && !grey) {
            return false;
        }
        if (desk.rest.lasts(now)) {
            return false;
        }
        Peer winner = SuccessorRule.winner(desk.members, heard).orElse(null);
        if (grey && !log && !disk) {
            greyReported = true;
            desk.warn("Entries have waited for a majority for " + millis(Pulses.GREY_TIMEOUTS)
                    + " ms although a majority answers heartbeats: look at the disks of the others, and at the"
                    + " connections that carry the log. " + whoTakesOver(winner));
        } else {
            reportStuck((log ? "This node's Log has not answered for " : "This node's disk has finished no write for ")
                    + millis(Pulses.STALL_TIMEOUTS) + " ms: look at its disk. " + whoTakesOver(winner));
        }
        if (winner == null) {
            return false;
        }
        desk.rest.begin(Rest.TIMEOUTS * desk.timeout, now);
        campaign(winner, now);
        return true;
    }

    /** The fold hangs, or somebody else should rather lead. */
    private void resignsLevelled(Collection<Standing> heard, long now) {
        boolean hangs = desk.pulses.machineHangs(now);
        Peer rather = preference.now(heard, now).orElse(null);
        if (desk.rest.lasts(now)) {
            return;
        }
        if (hangs) {
            Peer ahead = SuccessorRule.appliedMore(desk.pulses.applied(), heard).orElse(null);
            reportStuck("This node has applied no command for " + millis(Pulses.STALL_TIMEOUTS)
                    + " ms: look whether its fold, or a query, hangs. " + whoTakesOver(ahead));
            if (ahead != null) {
                desk.rest.begin(Rest.TIMEOUTS * desk.timeout, now);
                choose(ahead, now);
            }
        } else if (rather != null) {
            desk.rest.begin(Rest.TIMEOUTS * desk.timeout, now);
            preferred = true;
            choose(rather, now);
        } else if (desk.pulses.healthy(now)) {
            stuckReported = false;
        }
    }

    private boolean majorityAnswers(Collection<Standing> heard) {
        return Quorum.reached(
                desk.members,
                voter -> voter.equals(desk.self)
                        || heard.stream().anyMatch(standing -> standing.peer().equals(voter)));
    }

    private static String whoTakesOver(@Nullable Peer successor) {
        return successor == null
                ? "Nobody who could take over is well, so this node leads on."
                : successor.node() + " is to lead.";
    }

    /** Once for each stall, whatever comes of it. */
    private void reportStuck(String what) {
        if (!stuckReported) {
            stuckReported = true;
            desk.warn(what);
        }
    }

    private long millis(int timeouts) {
        return timeouts * desk.timeout / 1_000_000;
    }

    private void choose(Peer to, long now) {
        successor = to;
        until = now + 3 * desk.timeout;
        answer(new HandOverStep.Chosen(to));
    }

    private void campaign(Peer to, long now) {
        successor = to;
        campaigns = true;
        until = now + desk.timeout;
        tellAt = now;
        tell(now);
    }

    /** It may be lost, so it is said each T/10 until a higher term answers. */
    private void tell(long now) {
        Peer to = successor;
        if (to != null && now - tellAt >= 0) {
            lease.forgo();
            tellAt = now + desk.timeout / 10;
            voters.apply(now).stream()
                    .filter(standing -> standing.peer().equals(to))
                    .forEach(standing -> desk.send(
                            to, new CampaignNow(desk.term(), standing.said().round())));
        }
    }

    /** It did not take over: this node leads on. */
    private void failed(long now) {
        if (preferred) {
            preference.failed(now);
        }
        successor = null;
        campaigns = false;
        preferred = false;
    }

    private void answer(HandOverStep step) {
        desk.emit(new Effect.HandOver(desk.term(), step));
    }
}
