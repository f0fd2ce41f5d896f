package io.murmuration.testkit.sim;

import java.util.Arrays;

/**
 * What lies between the nodes. Mutable. From one actor to one other order is kept, as Pekko keeps it, but for the
 * second copy of a doubled message and for one that went another way than those around it: beside Artery, or through
 * it. Between two pairs it is not. Each message may be lost, late, doubled or overtaken, as the mix says; at a cut link
 * it is lost, or waits for the end of the cut like in a full buffer.
 */
final class Network {
    static final long LOST = -1;

    /** In so many worlds in which messages are doubled they also go different ways. */
    private static final double WAYS = 0.25;

    private final Mix mix;
    private final SimRandom random;
    private final SimRandom ways;
    private final double overtaken;
    private final int nodes;
    private final long[] lastAt;
    private final long[] cutUntil;
    private final long[] greyUntil;
    private boolean calm;

    Network(int nodes, int groups, Mix mix, SimRandom random, SimRandom ways) {
        this.nodes = nodes;
        this.mix = mix;
        this.random = random;
        this.ways = ways;
        this.overtaken = ways.chance(WAYS) ? mix.twice : 0;
        this.lastAt = new long[groups * nodes * nodes * Actor.COUNT * Actor.COUNT];
        this.cutUntil = new long[nodes * nodes];
        this.greyUntil = new long[nodes * nodes];
    }

    /** When a message arrives that leaves now, or {@link #LOST}. Each group's actors have ways of their own. */
    long arrival(SimNode origin, Actor sender, SimNode target, Actor receiver, long now) {
        int from = origin.number();
        int to = target.number();
        long leaves = now;
        long cut = cutUntil[from * nodes + to];
        if (cut > now) {
            if (!random.chance(mix.keptAtCut)) {
                return LOST;
            }
            leaves = cut;
        }
        if (greyUntil[from * nodes + to] > now && carriesTheLog(sender) && carriesTheLog(receiver)) {
            return LOST;
        }
        if (!calm && random.chance(mix.loss)) {
            return LOST;
        }
        long at = leaves + mix.hop / 2 + random.around(mix.hop);
        if (!calm && random.chance(mix.delay)) {
            at += random.around(mix.timeout * 2 / 5);
        }
        if (!calm && overtaken > 0 && ways.chance(overtaken)) {
            return at + ways.around(mix.timeout * 3 / 5);
        }
        int channel = ((origin.slot() * nodes + to) * Actor.COUNT + sender.slot()) * Actor.COUNT + receiver.slot();
        lastAt[channel] = Math.max(lastAt[channel], at);
        return lastAt[channel];
    }

    /** When a second copy of a message arrives, or {@link #LOST} if there is none. Its order is kept by nothing. */
    long secondArrival(long first) {
        return !calm && random.chance(mix.twice) ? first + random.around(mix.timeout * 3 / 5) : LOST;
    }

    long lastArrival() {
        long last = 0;
        for (long at : lastAt) {
            last = Math.max(last, at);
        }
        return last;
    }

    boolean isCut(int from, int to, long now) {
        return cutUntil[from * nodes + to] > now;
    }

    void cut(int from, int to, long until) {
        cutUntil[from * nodes + to] = Math.max(cutUntil[from * nodes + to], until);
    }

    private static boolean carriesTheLog(Actor actor) {
        return actor == Actor.LOG || actor == Actor.SNAPSHOTS;
    }

    /** What Logs say to each other, and parts of snapshots, are lost on this way. */
    void grey(int from, int to, long until) {
        greyUntil[from * nodes + to] = Math.max(greyUntil[from * nodes + to], until);
    }

    /** From now on nothing is lost, doubled or late, and no link is cut. */
    void calm() {
        calm = true;
        Arrays.fill(cutUntil, 0);
        Arrays.fill(greyUntil, 0);
    }
}
