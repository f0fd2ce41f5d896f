package io.murmuration.testkit.mutants;

import java.util.List;

/** What would let the groups of one node hurt each other. */
final class GroupMutants {
    private static final String HEARTBEATS = "core/election/Heartbeats.java";
    private static final String REPLICA = "testkit/sim/SimReplica.java";
    private static final String HOST = "testkit/sim/SimHost.java";
    private static final int GROUPS = 3;

    private GroupMutants() {}

    static List<Mutant> among() {
        return List.of(
                Mutant.of("group of a message not looked at", "[A7]", "a group acts on what was said to another one")
                        .patch(REPLICA, "(!open || !Objects.equals(wire.group(), id))", "!open")
                        .amongGroups(GROUPS)
                        .caughtBy("OWN_GROUP"),
                Mutant.of("one incarnation for all beats", "[A7]", "heartbeats come from a stranger in all groups")
                        .patch(
                                HEARTBEATS,
                                "for (Beat beat : beats.beats()) {",
                                "UUID same = beats.beats().get(0).incarnation(); for (Beat beat : beats.beats()) {")
                        .patch(HEARTBEATS, "new Peer(node, beat.incarnation())", "new Peer(node, same)")
                        .amongGroups(GROUPS)
                        .caughtBy("OWN_GROUP"),
                Mutant.of("beats taken to the first group", "many groups", "one group hears all, and the others nobody")
                        .patch(
                                HEARTBEATS,
                                "for (Beat beat : beats.beats()) {",
                                "Beat first = beats.beats().get(0); for (Beat beat : beats.beats()) {")
                        .patch(
                                HEARTBEATS,
                                "new Arrived(beat.name(), beat.group(), new Peer(node, beat.incarnation())",
                                "new Arrived(first.name(), first.group(), new Peer(node, first.incarnation())")
                        .amongGroups(GROUPS)
                        .caughtBy("OWN_GROUP"),
                Mutant.of("beats of all nodes to one", "many groups", "a node is told what was said to another one")
                        .patch(
                                HEARTBEATS,
                                "waiting.computeIfAbsent(node, any",
                                "waiting.computeIfAbsent(looking ? waiting.firstKey() : node, any")
                        .amongGroups(GROUPS)
                        .caughtBy("OWN_GROUP"),
                Mutant.of("a stop forgets the neighbours", "many groups", "all groups of a node stop with one of them")
                        .patch(
                                "testkit/sim/SimNode.java",
                                "host.stopAlone(this, () -> { forget();",
                                "host.stopAlone(this, () -> { host.nodes().forEach(SimNode::forget);")
                        .amongGroups(GROUPS)
                        .caughtBy("NEIGHBOURS_LIVE"),
                Mutant.of(
                                "a sync serves who asked for it only",
                                "rule Store 1",
                                "what the neighbours wrote is never said to be durable")
                        .patch(
                                HOST,
                                "for (SimNode node : nodes) { if (node.disk().syncing()) {",
                                "for (SimNode node : nodes.subList(0, 1)) { if (node.disk().syncing()) {")
                        .amongGroups(GROUPS)
                        .caughtBy("LIVENESS"));
    }
}
