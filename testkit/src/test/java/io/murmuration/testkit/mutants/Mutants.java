package io.murmuration.testkit.mutants;

import java.util.ArrayList;
import java.util.List;

/** All bugs that are planted. */
final class Mutants {
    private Mutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(ElectionMutants.ballots());
        all.addAll(ElectionMutants.votes());
        all.addAll(ElectionMutants.terms());
        all.addAll(ElectionMutants.reads());
        all.addAll(LogMutants.fence());
        all.addAll(LogMutants.entries());
        all.addAll(LogMutants.commitment());
        all.addAll(LogMutants.durability());
        all.addAll(LogMutants.answers());
        all.addAll(MembersMutants.changing());
        all.addAll(MembersMutants.ordering());
        all.addAll(MembersMutants.joining());
        all.addAll(LeadershipMutants.leases());
        all.addAll(LeadershipMutants.handingOver());
        all.addAll(StallMutants.resigning());
        all.addAll(StallMutants.leading());
        all.addAll(StallMutants.leases());
        all.addAll(PrefixMutants.dropping());
        all.addAll(PrefixMutants.installing());
        all.addAll(PrefixMutants.recovery());
        all.addAll(SnapshotMutants.keeping());
        all.addAll(SnapshotMutants.pulling());
        all.addAll(OtherMutants.store());
        all.addAll(OtherMutants.machine());
        all.addAll(ImageMutants.image());
        all.addAll(ImageMutants.expiry());
        all.addAll(ImageMutants.agreement());
        all.addAll(OtherMutants.gateway());
        all.addAll(GroupMutants.among());
        all.addAll(DozeMutants.dozing());
        all.addAll(DepartureMutants.gone());
        return all;
    }
}
