package io.murmuration.core.log;

import static io.murmuration.core.log.Logs.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Quorum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitRuleTest {
    @ParameterizedTest(name = "commit {0}, leader says {1}, verified {2}: {3}")
    @CsvSource({
        "0, 5, 3, 3", // what lies behind the verified end may differ
        "0, 3, 5, 3",
        "4, 5, 3, 4", // never falls
        "4, 2, 9, 4",
        "4, 4, 4, 4",
        "4, 7, 7, 7",
    })
    void followerCommitsWhatTheMessageVerified(long commit, long leaderCommit, long verified, long expected) {
        assertThat(CommitRule.heard(commit, leaderCommit, verified)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "matches {0} {1} {2}, commit {3}: {4}")
    @CsvSource({
        "5, 5, 0, 0, 5",
        "5, 4, 4, 0, 0", // a majority holds 4, but that is of an older term (§5.4.2)
        "5, 0, 0, 0, 0", // one is no majority
        "9, 7, 6, 0, 7",
        "9, 7, 6, 8, 8", // never falls
    })
    void leaderCommitsWhatAMajorityHoldsOfItsOwnTerm(long a, long b, long c, long commit, long expected) {
        Map<Peer, Long> match = Map.of(peer("a"), a, peer("b"), b, peer("c"), c);

        // Entries up to 4 are of term 2, from 5 on of term 3.
        long counted =
                CommitRule.counted(Logs.members("a", "b", "c"), match::get, commit, 3, index -> index <= 4 ? 2 : 3);

        assertThat(counted).isEqualTo(expected);
    }

    @Test
    void commitsNothingWithoutAVoter() {
        assertThat(CommitRule.counted(Members.NONE, peer -> 9, 0, 3, index -> 3))
                .isZero();
    }

    /** Against the dumb alternative: try every index. */
    @Test
    void agreesWithCountingEachIndex() {
        long seed = Long.getLong("murmuration.seed", System.nanoTime());
        System.out.println("CommitRuleTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            Members members = new Members(some(random, 6), some(random, 4), some(random, 2));
            Map<Peer, Long> match = new HashMap<>();
            members.everyone().forEach(peer -> match.put(peer, (long) random.nextInt(12)));
            long ownFrom = random.nextInt(12);
            long commit = random.nextInt(6);

            long counted = CommitRule.counted(members, match::get, commit, 2, index -> index >= ownFrom ? 2 : 1);

            assertThat(counted)
                    .as("seed %s: %s %s own from %s commit %s", seed, members, match, ownFrom, commit)
                    .isEqualTo(dumb(members, match, commit, ownFrom));
            assertThat(Quorum.agreed(members, match::get)).isEqualTo(dumb(members, match, 0, 0));
        }
    }

    private static long dumb(Members members, Map<Peer, Long> match, long commit, long ownFrom) {
        long best = commit;
        for (long index = commit + 1; index <= 12; index++) {
            boolean all = index >= ownFrom && majority(members.voters(), match, index);
            if (all && (members.outgoing().isEmpty() || majority(members.outgoing(), match, index))) {
                best = index;
            }
        }
        return best;
    }

    private static boolean majority(List<Peer> voters, Map<Peer, Long> match, long index) {
        long holders = voters.stream().filter(peer -> match.get(peer) >= index).count();
        return 2 * holders > voters.size();
    }

    private static List<Peer> some(Random random, int most) {
        List<Peer> peers = new ArrayList<>();
        for (int count = random.nextInt(most + 1); count > 0; count--) {
            peers.add(peer("n" + random.nextInt(9)));
        }
        return peers;
    }
}
