package io.murmuration.core.client;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What callers are told when something fails: what happened, with the values, and the way out. */
final class Sentences {
    private Sentences() {}

    static String tooManyBytes(String group, long waiting, long max, Duration after) {
        return String.format(
                Locale.ROOT,
                "Commands of %,d bytes wait in this node's Gateway of group %s, and this one would exceed"
                        + " murmuration.gateway-bytes-max (%,d); it was not sent."
                        + " Ask again in %,d ms, or when some have been answered.",
                waiting,
                group,
                max,
                after.toMillis());
    }

    static String tooManySerials(String group, long lowest, int window, Duration after) {
        return String.format(
                Locale.ROOT,
                "Serial %,d of this node's session with group %s is unanswered, and at most %,d commands may follow an"
                        + " unanswered one; this one was not sent."
                        + " Ask again in %,d ms, or when some have been answered.",
                lowest,
                group,
                window,
                after.toMillis());
    }

    static String tooManyReads(String group, int max, Duration after) {
        return String.format(
                Locale.ROOT,
                "%,d reads of group %s wait on this node, which is as many as may;"
                        + " ask again in %,d ms, or when some have been answered.",
                max,
                group,
                after.toMillis());
    }

    static String leaderOverloaded(String group, Request request, LeaderSearch search, long now, Duration after) {
        return String.format(
                Locale.ROOT,
                "The leader of group %s had no room for the command within %,d ms (last refusal: %s); no copy of it was"
                        + " appended. Ask again in %,d ms or later, or ask less at a time.",
                group,
                millis(now - request.askedAt()),
                refusal(search),
                after.toMillis());
    }

    static String noLeader(String group, Request request, LeaderSearch search, long now) {
        return String.format(
                Locale.ROOT,
                "No leader of group %s was found within %,d ms (asked: %s; last refusal: %s); nothing took effect."
                        + " Ask again"
                        + " when a majority of the members can be reached;"
                        + " the status of a replica says what it waits for.",
                group,
                millis(now - request.askedAt()),
                nodes(search.asked()),
                refusal(search));
    }

    static String notJoined(String group, Request request, long now, String why) {
        return String.format(
                Locale.ROOT,
                "Within %,d ms this node did not learn the id of group %s, so nothing was sent: %s"
                        + " Ask again when it has.",
                millis(now - request.askedAt()),
                group,
                why);
    }

    static String unknown(String group, Pending command, long now, String what) {
        return String.format(
                Locale.ROOT,
                "Serial %,d of session %,d with group %s was first sent %,d ms ago, last to %s (%,d copies), and %s:"
                        + " it may"
                        + " have taken effect, or may still do so. Read the state to find out,"
                        + " or ask again with an id of your"
                        + " own in the command by which its fold knows it again.",
                command.serial,
                command.session,
                group,
                millis(now - command.firstSentAt),
                command.sentTo,
                command.copies.sent(),
                what);
    }

    static String tooManyOrders(String group, int max, Duration after) {
        return String.format(
                Locale.ROOT,
                "%,d orders to group %s wait on this node, which is as many as may; this one was not sent."
                        + " Order again in %,d ms, or when some are settled.",
                max,
                group,
                after.toMillis());
    }

    static String orderOpen(String group, String how) {
        return "The order to group " + group + " is not settled, and may still be carried out: " + how
                + " Look at the status, or order it again: that does no harm.";
    }

    static String orderUnanswered(String group, Request request, LeaderSearch search, long now) {
        return String.format(
                Locale.ROOT,
                "No leader of group %s has answered the order within %,d ms (asked: %s; last refusal: %s);"
                        + " it may have been taken, or not. Look at the status, or order it again: that does no harm.",
                group,
                millis(now - request.askedAt()),
                nodes(search.asked()),
                refusal(search));
    }

    static String closed(String group, String why) {
        return "Group " + group + " takes no more requests on this node, and this one was not carried out: " + why;
    }

    static String sessionEnded(String group, Pending command) {
        return String.format(
                Locale.ROOT,
                "Session %,d of this node with group %s had ended (idle for too long, or too many others were used"
                        + " since), so serial %,d was refused and not applied, and no other copy of it can be."
                        + " Ask again: a new session is being opened.",
                command.session,
                group,
                command.serial);
    }

    static String replicaDown(String group, String why) {
        return "The replica of group " + group + " does not run on this node, so there is nothing to read from: " + why
                + " Ask another node, or ask again when it runs.";
    }

    static String notApplied(String group, Request request, long index, long now) {
        return String.format(
                Locale.ROOT,
                "This node had not applied index %,d of group %s when the read's deadline came,"
                        + " %,d ms after it was asked; it lags behind the leader. Ask again, or ask another node.",
                index,
                group,
                millis(now - request.askedAt()));
    }

    private static String nodes(Set<String> asked) {
        return asked.isEmpty() ? "nobody" : String.join(", ", asked);
    }

    private static String refusal(LeaderSearch search) {
        @Nullable String last = search.lastRefusal();
        return last == null ? "none" : last;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
