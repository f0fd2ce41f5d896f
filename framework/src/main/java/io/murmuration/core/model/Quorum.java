package io.murmuration.core.model;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Majorities of members (§5.2, §5.3, §6). Joint members need both majorities; members without a voter reach none. */
public final class Quorum {
    private Quorum() {}

    /**
     * Whether those for whom {@code said} holds are a majority ("A candidate wins an election if it receives votes from
     * a majority of the servers in the full cluster for the same term", §5.2).
     *
     * @param members who counts
     * @param said who agreed
     * @return false if there is no voter
     */
    public static boolean reached(Members members, Predicate<Peer> said) {
        return majority(members.voters(), said) && (members.outgoing().isEmpty() || majority(members.outgoing(), said));
    }

    /**
     * The highest value that a majority has reached.
     *
     * @param members who counts
     * @param value how far each voter is
     * @return 0 if there is no voter
     */
    public static long agreed(Members members, ToLongFunction<Peer> value) {
        long incoming = agreed(members.voters(), value);
        return members.outgoing().isEmpty() ? incoming : Math.min(incoming, agreed(members.outgoing(), value));
    }

    private static boolean majority(List<Peer> voters, Predicate<Peer> said) {
        int yes = 0;
        for (Peer voter : voters) {
            if (said.test(voter)) {
                yes++;
            }
        }
        return yes > voters.size() / 2;
    }

    private static long agreed(List<Peer> voters, ToLongFunction<Peer> value) {
        if (voters.isEmpty()) {
            return 0;
        }
        long[] values = voters.stream().mapToLong(value).sorted().toArray();
        // With n sorted ascending, the element at (n - 1) / 2 is reached by a majority: 3 -> the 2nd, 4 -> the 2nd.
        return values[(values.length - 1) / 2];
    }
}
