package io.murmuration.examples.bank.demo;

import io.murmuration.examples.bank.client.Books;
import io.murmuration.examples.bank.client.NodeView;
import io.murmuration.examples.bank.fleet.Fleet;
import io.murmuration.examples.bank.fleet.NodeSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node loses its disk: it says so and votes nowhere, not even where its vote would make a majority. A wiped node
 * that voted again could elect a leader that lacks what it had acknowledged before.
 */
final class LostDisk {
    private static final Duration SAID_WITHIN = Duration.ofSeconds(30);
    private static final Duration LEADER_WITHIN = Duration.ofSeconds(30);
    private static final Duration VIEW_WITHIN = Duration.ofSeconds(2);
    private static final Duration LOOK_EACH = Duration.ofMillis(100);
    /** At least three rounds of elections at the default time-out of 500 ms. */
    private static final Duration ROUNDS = Duration.ofSeconds(3);

    /** Is told what happens. */
    interface Listener {
        /**
         * Something was done.
         *
         * @param what a sentence
         */
        void say(String what);

        /**
         * Something was checked.
         *
         * @param what what should hold
         * @param problems what does not, in sentences
         */
        void holds(String what, List<String> problems);
    }

    private final Fleet fleet;
    private final Listener listener;

    LostDisk(Fleet fleet, Listener listener) {
        this.fleet = fleet;
        this.listener = listener;
    }

    /**
     * Wipes a follower, then stops so many others, the leader among them, that only the wiped one's vote would make a
     * majority, and starts these again.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void run() throws InterruptedException {
        String leader = Books.awaitLeader(fleet.urls(), LEADER_WITHIN)
                .orElse(fleet.nodes().get(0).id());
        List<String> followers = fleet.nodes().stream()
                .map(NodeSpec::id)
                .filter(id -> !id.equals(leader))
                .toList();
        String lost = followers.get(followers.size() - 1);
        fleet.kill(lost);
        fleet.wipe(lost);
        fleet.start(lost);
        fleet.awaitReady(lost, Duration.ofSeconds(60));
        listener.say("Wiped the disk of " + lost + " and started it again.");
        NodeView view = awaitWaiting(lost);
        listener.say("  " + lost + " says: " + (view == null ? "nothing" : view.why()));
        listener.holds(lost + " lost its disk, says so, and votes nowhere", refusal(lost, view));

        int minority = fleet.nodes().size() / 2;
        List<String> stopped = Stream.concat(Stream.of(leader), followers.stream())
                .limit(fleet.nodes().size() - 1L - minority)
                .toList();
        List<String> left = followers.stream()
                .filter(id -> !id.equals(lost) && !stopped.contains(id))
                .toList();
        stopped.forEach(fleet::kill);
        listener.say("Killed " + String.join(" and ", stopped) + ": a leader needs " + (minority + 1) + " votes of "
                + fleet.nodes().size() + ", and only " + String.join(" and ", left) + " can give theirs.");
        listener.holds(lost + " gives no vote where one is missing: nobody leads", led(left, lost));
        stopped.forEach(fleet::start);
        Optional<String> next = Books.awaitLeader(fleet.urls(), LEADER_WITHIN);
        listener.holds(
                "with " + String.join(" and ", stopped) + " back, " + next.orElse("nobody") + " leads",
                next.isPresent() ? List.of() : List.of("No leader within " + LEADER_WITHIN.toSeconds() + " s."));
    }

    private @Nullable NodeView awaitWaiting(String lost) throws InterruptedException {
        long deadline = System.nanoTime() + SAID_WITHIN.toNanos();
        @Nullable NodeView last = null;
        while (System.nanoTime() < deadline && (last == null || !last.role().equals("waiting"))) {
            last = NodeView.of(fleet.node(lost).url(), VIEW_WITHIN).orElse(last);
            Thread.sleep(LOOK_EACH.toMillis());
        }
        return last;
    }

    /** What is missing of a refusal. */
    static List<String> refusal(String lost, @Nullable NodeView view) {
        if (view == null) {
            return List.of(lost + " does not answer.");
        }
        List<String> problems = new ArrayList<>();
        if (!view.role().equals("waiting")) {
            problems.add(lost + " takes part as " + view.role() + ", although it lost its disk.");
        }
        if (view.number("term") != 0) {
            problems.add(lost + " takes part in term " + view.number("term") + ", although it lost its disk.");
        }
        if (!view.why().contains("It never votes under its old identity")) {
            problems.add(lost + " does not say that it never votes under its old identity.");
        }
        return problems;
    }

    private List<String> led(List<String> left, String lost) throws InterruptedException {
        List<URI> asked = Stream.concat(left.stream(), Stream.of(lost))
                .map(id -> fleet.node(id).url())
                .toList();
        Optional<String> leader = Books.awaitLeader(asked, ROUNDS);
        List<String> problems = new ArrayList<>();
        leader.ifPresent(id -> problems.add(id + " leads without a majority."));
        problems.addAll(
                refusal(lost, NodeView.of(fleet.node(lost).url(), VIEW_WITHIN).orElse(null)));
        return problems;
    }
}
