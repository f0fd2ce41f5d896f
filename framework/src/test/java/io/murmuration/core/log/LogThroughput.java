package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc.Propose;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Peer;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * How many entries a second the core alone carries: a leader and one follower in one thread, with a disk and a network
 * that take no time. Run its main; it is a figure for comparing, not a test.
 */
public final class LogThroughput {
    private static final int PROPOSAL = 64;
    private static final Peer GATEWAY = Logs.GATEWAY;

    private final Side leader = new Side("l");
    private final Side follower = new Side("f");

    private LogThroughput() {}

    /** Prints entries a second, several times over, the first ones while the compiler still warms up. */
    public static void main(String[] args) {
        for (int round = 0; round < 10; round++) {
            int entries = 300_000;
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            new LogThroughput().run(entries);
            double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
            System.out.println(String.format(Locale.ROOT, "%,.0f entries a second of one core", entries / seconds));
        }
    }

    private void run(int entries) {
        leader.perform(leader.log.fence(1, 1, 0));
        follower.perform(follower.log.fence(1, 1, 0));
        leader.perform(leader.log.lead(1, new Moment(0, 0)));
        settle();
        for (int at = 0; at < entries; at += PROPOSAL) {
            Propose message =
                    Logs.propose(at, 64, LongStream.range(at, at + PROPOSAL).toArray());
            leader.perform(leader.log.propose(GATEWAY, message, new Moment(0, 0)));
            settle();
        }
        if (leader.fed < entries) {
            throw new IllegalStateException("Only " + leader.fed + " entries were committed.");
        }
    }

    private void settle() {
        boolean busy = true;
        while (busy) {
            boolean led = leader.step(follower);
            busy = follower.step(leader) || led;
        }
    }

    private static final class Side implements Port {
        final Peer peer;
        final ReplicatedLog log;
        final ArrayDeque<LogRpc> sent = new ArrayDeque<>();
        long unwritten;
        boolean flush;
        long fed;

        Side(String self) {
            this.peer = Logs.peer(self);
            this.log = Logs.closed(self, Logs.members("l", "f"), List.of());
        }

        void perform(List<Effect> effects) {
            for (Effect effect : effects) {
                effect.to(this);
            }
        }

        boolean step(Side to) {
            boolean busy = flush || unwritten > 0 || !sent.isEmpty();
            if (flush) {
                flush = false;
                perform(log.flush(0));
            }
            for (LogRpc next = sent.poll(); next != null; next = sent.poll()) {
                to.perform(to.log.receive(peer, next, 0));
            }
            if (unwritten > 0) {
                long written = unwritten;
                unwritten = 0;
                perform(log.written(written, 0));
            }
            return busy;
        }

        @Override
        public void send(Effect.Send effect) {
            sent.add(effect.message());
        }

        @Override
        public void write(Effect.Write effect) {
            unwritten = effect.sequence();
        }

        @Override
        public void committed(Effect.Committed effect) {
            fed += effect.entries().size();
            perform(log.applied(fed));
        }

        @Override
        public void fetch(Effect.Fetch effect) {
            throw new AssertionError(effect);
        }

        @Override
        public void restore(Effect.Restore effect) {
            throw new AssertionError(effect);
        }

        @Override
        public void covered(Effect.Covered effect) {
            throw new AssertionError(effect);
        }

        @Override
        public void unneeded(Effect.Unneeded effect) {
            throw new AssertionError(effect);
        }

        @Override
        public void takeSnapshot() {
            throw new AssertionError("There is room.");
        }

        @Override
        public void flushSoon() {
            flush = true;
        }

        @Override
        public void answer(Effect.Answer effect) {
            throw new IllegalStateException("Refused: " + effect.message());
        }

        @Override
        public void fenced(Effect.Fenced effect) {}

        @Override
        public void termSeen(Effect.TermSeen effect) {}

        @Override
        public void leaderHeard(Effect.LeaderHeard effect) {}

        @Override
        public void membersChanged(Effect.MembersChanged effect) {}

        @Override
        public void steppedDown(Effect.SteppedDown effect) {}

        @Override
        public void identify(Effect.Identify effect) {}

        @Override
        public void invite(Effect.Invite effect) {}

        @Override
        public void confirmRead(Effect.ConfirmRead effect) {}

        @Override
        public void logPulse(Effect.LogPulse effect) {}

        @Override
        public void warn(Effect.Warn effect) {
            throw new IllegalStateException(effect.what());
        }
    }
}
