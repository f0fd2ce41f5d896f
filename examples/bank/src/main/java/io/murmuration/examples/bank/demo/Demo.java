package io.murmuration.examples.bank.demo;

import io.murmuration.examples.bank.cli.Console;
import io.murmuration.examples.bank.client.BankClient;
import io.murmuration.examples.bank.client.Books;
import io.murmuration.examples.bank.client.Call;
import io.murmuration.examples.bank.client.Reply;
import io.murmuration.examples.bank.fleet.Fleet;
import io.murmuration.examples.bank.fleet.FleetException;
import io.murmuration.examples.bank.fleet.NodeSpec;
import io.murmuration.examples.bank.payments.Loader;
import io.murmuration.examples.bank.payments.PaymentFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Carries out a file of payments while the leader is killed and another node is paused, and checks afterwards that
 * every answer was right and that nothing was lost or done twice. Then a node loses its disk.
 */
public final class Demo implements LostDisk.Listener {
    private static final int IN_FLIGHT = 64;
    private static final Duration TRY_AT_MOST = Duration.ofSeconds(2);
    private static final Duration ROW_WITHIN = Duration.ofSeconds(60);
    private static final Duration LEADER_WITHIN = Duration.ofSeconds(30);
    private static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOAD_WITHIN = Duration.ofMinutes(5);

    private final Fleet fleet;
    private final PaymentFile file;
    private final Console console;
    private final List<String> failures = new ArrayList<>();
    private final long startedAt = System.nanoTime();

    /**
     * A demonstration.
     *
     * @param fleet nodes that were not started yet
     * @param file the payments
     * @param console is told what happens
     */
    public Demo(Fleet fleet, PaymentFile file, Console console) {
        this.fleet = fleet;
        this.file = file;
        this.console = console;
    }

    /**
     * Runs it.
     *
     * @return what failed, in sentences; empty if everything holds
     * @throws IOException if the file cannot be read
     * @throws InterruptedException if the thread is interrupted
     */
    public List<String> run() throws IOException, InterruptedException {
        start();
        try (BankClient client = new BankClient(fleet.urls(), TRY_AT_MOST)) {
            Loader loader = new Loader(client, IN_FLIGHT, ROW_WITHIN);
            say("Opening " + file.accounts().size() + " accounts.");
            int notOpened = loader.open(file.accounts());
            if (notOpened > 0) {
                failures.add(notOpened + " accounts could not be opened.");
                return failures;
            }
            say("Carrying out " + file.rows() + " payments, " + IN_FLIGHT + " at a time, on all nodes.");
            Recorder recorder = load(loader);
            Replay replay = check(client, recorder);
            if (failures.isEmpty()) {
                new LostDisk(fleet, this).run();
                checkTotal(client, replay);
            }
        }
        return failures;
    }

    private void start() throws InterruptedException {
        say("Starting " + fleet.nodes().size() + " nodes, each a process of its own.");
        fleet.startAll();
        for (NodeSpec node : fleet.nodes()) {
            fleet.awaitReady(node.id(), Duration.ofSeconds(60));
        }
        say(leader() + " was elected leader.");
    }

    private String leader() throws InterruptedException {
        return Books.awaitLeader(fleet.urls(), LEADER_WITHIN)
                .orElseThrow(() -> new FleetException(
                        "No leader was elected within " + LEADER_WITHIN.toSeconds() + " s; see the nodes' logs."));
    }

    private Recorder load(Loader loader) throws IOException, InterruptedException {
        Milestones milestones = new Milestones(file.rows());
        Recorder recorder = new Recorder(() -> {
            long done = milestones.step();
            console.progress(done, file.rows(), done + " of " + file.rows() + " payments");
        });
        List<Throwable> broken = new ArrayList<>();
        Thread faults = new Thread(
                () -> {
                    try {
                        faults(milestones, recorder);
                    } catch (InterruptedException | RuntimeException e) {
                        synchronized (broken) {
                            broken.add(e);
                        }
                    }
                },
                "bank-faults");
        faults.setDaemon(true);
        faults.start();
        loader.load(file, line -> false, recorder);
        milestones.end();
        faults.join(LOAD_WITHIN.toMillis());
        console.endProgress();
        if (faults.isAlive()) {
            failures.add("The faults were not carried out to their end.");
        }
        synchronized (broken) {
            broken.forEach(failure -> failures.add("The faults could not be carried out: " + failure));
        }
        return recorder;
    }

    /** How far the load is, for those who wait for a part of it. */
    private static final class Milestones {
        private final long rows;
        private final CountDownLatch kill;
        private final CountDownLatch restart;
        private final CountDownLatch pause;
        private final CountDownLatch resume;
        private long done;

        private Milestones(long rows) {
            this.rows = rows;
            kill = new CountDownLatch(part(25));
            restart = new CountDownLatch(part(40));
            pause = new CountDownLatch(part(60));
            resume = new CountDownLatch(part(80));
        }

        private int part(int percent) {
            return (int) (rows * percent / 100);
        }

        private synchronized long step() {
            kill.countDown();
            restart.countDown();
            pause.countDown();
            resume.countDown();
            return ++done;
        }

        private void end() {
            for (CountDownLatch latch : List.of(kill, restart, pause, resume)) {
                while (latch.getCount() > 0) {
                    latch.countDown();
                }
            }
        }

        private static void await(CountDownLatch latch) throws InterruptedException {
            if (!latch.await(LOAD_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                throw new FleetException("The load does not go on.");
            }
        }
    }

    private void faults(Milestones milestones, Recorder recorder) throws InterruptedException {
        Milestones.await(milestones.kill);
        String lost = leader();
        int before = recorder.count();
        requireUnderWay(recorder.count(), file.rows());
        recorder.resetGap();
        fleet.kill(lost);
        say("Killed the leader " + lost + " (SIGKILL) after " + before + " payments.");
        String next = leader();
        say(next + " is the new leader.");
        Milestones.await(milestones.restart);
        Duration gap = recorder.longestGap();
        say("The longest time without a decision was " + seconds(gap) + ".");
        fleet.start(lost);
        say("Started " + lost + " again; it learns what it missed.");
        Milestones.await(milestones.pause);
        String paused = fleet.nodes().stream()
                .map(NodeSpec::id)
                .filter(id -> !id.equals(lost) && !id.equals(next))
                .findFirst()
                .orElseThrow();
        requireUnderWay(recorder.count(), file.rows());
        requireReached(fleet.reference(paused).pause(), "SIGSTOP", paused);
        say("Paused " + paused + " (SIGSTOP).");
        Milestones.await(milestones.resume);
        requireReached(fleet.reference(paused).resume(), "SIGCONT", paused);
        say(paused + " goes on (SIGCONT).");
    }

    /** A fault behind the last payment would show nothing. */
    static void requireUnderWay(long done, long rows) {
        if (done >= rows) {
            throw new FleetException("The load was over before the fault; take a file of more payments.");
        }
    }

    static void requireReached(boolean reached, String signal, String node) {
        if (!reached) {
            throw new FleetException(signal + " did not reach " + node + "; see its log.");
        }
    }

    private Replay check(BankClient client, Recorder recorder) throws InterruptedException {
        List<Loader.Outcome> outcomes = recorder.outcomes();
        long unknown = outcomes.stream().filter(outcome -> outcome.index() == 0).count();
        say("All payments were asked for; " + unknown + " without an answer.");
        Replay replay = Replay.of(file.accounts(), outcomes);
        holds(
                "each of the " + file.rows() + " payments was answered, once",
                outcomes.size() == file.rows() && unknown == 0
                        ? List.of()
                        : List.of(outcomes.size() + " of " + file.rows() + " were answered, " + unknown + " unknown."));
        holds(
                "every answer is what an independent replay by index gives (" + replay.accepted() + " carried out, "
                        + replay.refused() + " refused)",
                replay.problems());
        for (NodeSpec node : fleet.nodes()) {
            fleet.awaitReady(node.id(), Duration.ofSeconds(60));
            boolean there = Books.awaitApplied(node.url(), replay.lastIndex(), CATCH_UP_WITHIN);
            holds(
                    node.id() + "'s ledger equals the replay",
                    there
                            ? replay.differences(node.id(), Books.of(node.url()))
                            : List.of(node.id() + " did not reach index " + replay.lastIndex() + "."));
        }
        checkTotal(client, replay);
        return replay;
    }

    private void checkTotal(BankClient client, Replay replay) throws InterruptedException {
        Reply total = client.send(Call.get("/total"), ROW_WITHIN);
        boolean same = total instanceof Reply.Answered answered
                && answered.body().path("total").asLong(-1) == replay.total();
        holds(
                "no money came or went: " + replay.total() + " cents in "
                        + file.accounts().size() + " accounts",
                same ? List.of() : List.of("The bank says " + total + ", the replay " + replay.total() + "."));
    }

    @Override
    public void holds(String what, List<String> problems) {
        say((problems.isEmpty() ? "  holds: " : "  FAILED: ") + what);
        problems.forEach(problem -> say("    " + problem));
        failures.addAll(problems);
    }

    @Override
    public void say(String what) {
        long millis = (System.nanoTime() - startedAt) / 1_000_000;
        console.say(String.format(Locale.ROOT, "%5.1f s  %s", millis / 1000.0, what));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
    }
}
