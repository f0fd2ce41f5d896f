package io.murmuration.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Encoded;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of a client whatever its group does to it. Each block of seeds prints the one that fails. */
class ClientPropertyTest {
    /** More by {@code -Dmurmuration.seeds=...}; the first ones are always the same. */
    private static final int SEEDS_PER_BLOCK = Integer.getInteger("murmuration.seeds", 15);

    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void staysHonestAndEndsEveryRequestInTime(int block) {
        Tally tally = new Tally();
        for (int i = 0; i < SEEDS_PER_BLOCK; i++) {
            long seed = block * 1_000_000L + i;
            try {
                new Run(seed, tally).run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("Seed " + seed + ": " + failure.getMessage(), failure);
            }
        }

        // A run in which nothing goes wrong proves nothing: all kinds of ends must have been seen.
        assertThat(tally.answers).isGreaterThan(40 * SEEDS_PER_BLOCK);
        assertThat(tally.readsDone).isGreaterThan(40 * SEEDS_PER_BLOCK);
        assertThat(tally.sessionsLost).isGreaterThan(SEEDS_PER_BLOCK);
        assertThat(tally.sessionsRenewed).isGreaterThan(SEEDS_PER_BLOCK / 4);
        // Orders have tests of their own.
        assertThat(tally.failures.keySet())
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(Failure.DECLINED)));
        assertThat(tally.failures.values())
                .allSatisfy(count -> assertThat(count).isGreaterThan(SEEDS_PER_BLOCK / 2));
        assertThat(tally.unknownButApplied).isGreaterThan(SEEDS_PER_BLOCK);
        assertThat(tally.refusedAfterLeaving).isGreaterThan(SEEDS_PER_BLOCK);
    }

    private static final class Tally {
        int answers;
        int readsDone;
        int sessionsLost;
        int sessionsRenewed;
        int unknownButApplied;
        int refusedAfterLeaving;
        final Map<Failure, Integer> failures = new TreeMap<>();
    }

    /** One seed: a minute of faults, then a healed network. */
    private static final class Run implements Effect.Port {
        private record Identity(UUID life, long session, long serial) {}

        private record Asked(long deadline, long appliedBefore, boolean read, boolean mustSucceed) {}

        private final Random random;
        private final Tally tally;
        private final FakeGroup group;
        private final Client client;

        private final Map<Long, Asked> open = new HashMap<>();
        private final Map<Long, Integer> effects = new HashMap<>();
        private final Map<Long, Identity> identities = new HashMap<>();
        private final Map<Identity, Long> commandOf = new HashMap<>();
        private final Set<Long> saidNotApplied = new HashSet<>();
        private final Set<Long> saidUnknown = new HashSet<>();
        private long lastNumber;
        private long acknowledged;
        private long wakeSetTo = Long.MAX_VALUE;
        private boolean machineRuns;
        private int machine;

        Run(long seed, Tally tally) {
            this.random = new Random(seed);
            this.tally = tally;
            this.group = new FakeGroup(random, (from, answer) -> did(clientReceived(from, answer)), this::tookEffect);
            client = new Client(
                    new ClientSettings(
                            "bank", "n1", FakeGroup.NODES, Duration.ofMillis(500), 20_000, Duration.ofSeconds(3)),
                    new Random(seed));
        }

        private List<Effect> clientReceived(String from, ClientRpc answer) {
            return client.received(from, answer, group.now);
        }

        void run() {
            group.after(group.millis(1_000), this::machineUp);
            group.after(group.millis(1_000), this::changeLeader);
            group.after(group.millis(20_000), this::expireSessions);
            group.after(group.millis(15_000), this::machineDown);
            group.after(0, this::askNow);
            group.runUntil(30 * SECOND);

            group.heal((term, leader) -> did(client.leaderIs(term, leader, group.now)));
            machineUp();
            group.runUntil(40 * SECOND);
            long firstHealed = lastNumber + 1;
            for (int i = 0; i < 50; i++) {
                ask(i % 2 == 0, 10 * SECOND, true);
            }
            group.runUntil(52 * SECOND);

            assertThat(lastNumber).isGreaterThan(firstHealed);
            assertThat(open).as("requests without an end").isEmpty();
            did(client.close("The test is over.", group.now));
            assertThat(client.wakeAt()).isEqualTo(Long.MAX_VALUE);
        }

        // ---- what happens

        private void askNow() {
            if (group.isKind()) {
                return;
            }
            int burst = group.chance(0.02) ? 30 : 1 + random.nextInt(3);
            for (int i = 0; i < burst; i++) {
                ask(group.chance(0.4), (group.chance(0.5) ? 1 : 8) * SECOND / 2, false);
            }
            group.after(group.millis(150), this::askNow);
        }

        private void ask(boolean read, long patience, boolean mustSucceed) {
            Request request = new Request(++lastNumber, group.now, group.now + patience);
            open.put(request.number(), new Asked(request.deadline(), acknowledged, read, mustSucceed));
            if (read) {
                did(client.read(request, group.now));
            } else {
                int size = !mustSucceed && group.chance(0.05) ? 4_000 : 20;
                did(client.ask(request, new Encoded(1, Long.toString(request.number()), new byte[size]), group.now));
            }
        }

        private void changeLeader() {
            if (group.isKind()) {
                return;
            }
            group.elect(group.chance(0.3) ? null : FakeGroup.NODES.get(random.nextInt(5)));
            long term = group.term();
            String leader = group.leader();
            if (machineRuns && group.chance(0.7)) {
                group.after(group.millis(200), () -> did(client.leaderIs(term, leader, group.now)));
            }
            group.after(group.millis(4_000), this::changeLeader);
        }

        private void expireSessions() {
            if (!group.isKind()) {
                group.forgetSessions();
                group.after(group.millis(20_000), this::expireSessions);
            }
        }

        private void machineDown() {
            if (!group.isKind()) {
                machineRuns = false;
                did(client.down("It failed.", group.now));
                group.after(group.millis(4_000), this::machineUp);
                group.after(group.millis(15_000), this::machineDown);
            }
        }

        private void machineUp() {
            machineRuns = true;
            machine++;
            did(client.up(false, group.now));
            if (group.isKind()) {
                did(client.leaderIs(group.term(), group.leader(), group.now));
            }
        }

        private void did(List<Effect> decided) {
            decided.forEach(effect -> effect.to(this));
            long at = client.wakeAt();
            if (at != Long.MAX_VALUE && at < wakeSetTo) {
                wakeSetTo = at;
                group.after(Math.max(0, at - group.now), () -> {
                    if (wakeSetTo == at) {
                        wakeSetTo = Long.MAX_VALUE;
                    }
                    did(client.wake(group.now));
                });
            }
        }

        private void tookEffect(long number) {
            assertThat(effects.merge(number, 1, Integer::sum))
                    .as("effects of " + number)
                    .isEqualTo(1);
            assertThat(saidNotApplied).as("said to be not applied").doesNotContain(number);
            if (saidUnknown.contains(number)) {
                tally.unknownButApplied++;
            }
        }

        // ---- what the client does

        @Override
        public void send(Effect.Send send) {
            if (send.rpc() instanceof ClientRpc.Propose propose) {
                long bytes = 0;
                long former = 0;
                for (ClientRpc.Proposal each : propose.proposals()) {
                    Identity identity = new Identity(propose.life(), propose.session(), each.serial());
                    long number = Long.parseLong(each.command().manifest());
                    assertThat(identities.putIfAbsent(number, identity)).isIn(null, identity);
                    assertThat(commandOf.putIfAbsent(identity, number)).isIn(null, number);
                    assertThat(open).as("sent after its end").containsKey(number);
                    assertThat(each.serial()).isGreaterThan(former);
                    assertThat(each.serial() - propose.lowest()).isBetween(0L, 1_024L);
                    former = each.serial();
                    bytes += each.command().size();
                }
                assertThat(bytes).isBetween(1L, 128L << 10);
            }
            group.send(send.node(), send.rpc());
        }

        @Override
        public void answer(Effect.Answer answer) {
            Asked asked = end(answer.number());
            assertThat(asked.read()).isFalse();
            assertThat(effects).containsKey(answer.number());
            acknowledged = Math.max(acknowledged, answer.index());
            tally.answers++;
        }

        @Override
        public void settled(Effect.Settled settled) {
            throw new AssertionError("Nobody ordered anything: " + settled);
        }

        @Override
        public void fail(Effect.Fail fail) {
            Asked asked = end(fail.number());
            if (asked.mustSucceed()) {
                throw new AssertionError("On a healed network: " + fail);
            }
            tally.failures.merge(fail.failure(), 1, Integer::sum);
            assertThat(asked.read() && fail.failure() == Failure.UNKNOWN).isFalse();
            if (fail.failure() == Failure.UNKNOWN) {
                saidUnknown.add(fail.number());
                tally.unknownButApplied += effects.containsKey(fail.number()) ? 1 : 0;
            } else {
                saidNotApplied.add(fail.number());
                tally.refusedAfterLeaving += identities.containsKey(fail.number()) ? 1 : 0;
                assertThat(effects).as("said to be not applied: " + fail).doesNotContainKey(fail.number());
            }
        }

        private Asked end(long number) {
            Asked asked = open.remove(number);
            assertThat(asked).as("one end of " + number).isNotNull();
            assertThat(group.now).as("the end of " + number).isLessThanOrEqualTo(asked.deadline());
            return asked;
        }

        @Override
        public void query(Effect.Query query) {
            for (long number : query.numbers()) {
                if (open.containsKey(number)) {
                    assertThat(query.index())
                            .isGreaterThanOrEqualTo(open.get(number).appliedBefore());
                }
            }
            int itsMachine = machine;
            group.after(group.millis(group.isKind() ? 5 : 100), () -> {
                if (machineRuns && machine == itsMachine) {
                    query.numbers().stream().filter(open::containsKey).forEach(number -> {
                        end(number);
                        tally.readsDone++;
                    });
                    did(client.readsDone(query.numbers()));
                }
            });
        }

        @Override
        public void flushSoon(Effect.FlushSoon flush) {
            group.after(0, () -> did(client.flush(group.now)));
        }

        @Override
        public void report(Effect.Report report) {
            tally.sessionsRenewed += report.sentence().contains("had expired") ? 1 : 0;
            tally.sessionsLost += report.sentence().startsWith("lost") ? 1 : 0;
        }
    }
}
