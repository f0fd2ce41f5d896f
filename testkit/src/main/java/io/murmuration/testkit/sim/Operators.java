package io.murmuration.testkit.sim;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Order;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Those who change the members and hand leadership over, one order after the other, on any node. Mutable. Nobody orders
 * what would leave a group without a majority that has its disks: that is an order to stop, and no fault.
 */
final class Operators {
    /** So many election time-outs an operator waits; some are less patient. */
    private static final int PATIENCE_TIMEOUTS = 16;

    private final RunningGroup world;
    private final Mix mix;
    private final SimRandom random;
    private final long timeout;
    private final TreeMap<Long, Set<String>> targets = new TreeMap<>();
    private long numbers;
    private int open;
    private boolean calm;
    private long settled;
    private @Nullable SimCall last;

    Operators(RunningGroup world, Mix mix, SimRandom random) {
        this.world = world;
        this.mix = mix;
        this.random = random;
        this.timeout = world.group().electionTimeout().toNanos();
    }

    void begin() {
        if (mix.has(Fault.CHANGE_MEMBERS) || mix.has(Fault.HAND_OVER)) {
            next();
        }
    }

    void calm() {
        calm = true;
    }

    int open() {
        return open;
    }

    /** How many orders were settled. */
    long settled() {
        return settled;
    }

    /** How the last order ended. */
    @Nullable
    SimCall last() {
        return last;
    }

    private void next() {
        world.later(random.around(4 * mix.interval), "", () -> {
            if (!calm) {
                if (!world.lull()) {
                    order();
                }
                next();
            }
        });
    }

    /** At once, where anything is ordered. */
    void disturb() {
        if (!calm && (mix.has(Fault.CHANGE_MEMBERS) || mix.has(Fault.HAND_OVER))) {
            order();
        }
    }

    private void order() {
        List<SimNode> up = world.nodes().stream().filter(SimNode::up).toList();
        if (open == 0 && world.witness().founded() && !up.isEmpty()) {
            Order order = draw();
            if (order != null) {
                int patience = random.chance(0.2) ? 4 : PATIENCE_TIMEOUTS;
                give(random.pick(up), order, patience);
            }
        }
    }

    /** An order that is given to a node's Gateway. */
    void give(SimNode node, Order order, int patienceTimeouts) {
        SimCall call = new SimCall(++numbers, node.name(), order, world.now(), patienceTimeouts * timeout);
        Set<String> target = target(order, voters());
        if (!target.isEmpty()) {
            targets.put(call.number, target);
        }
        open++;
        world.trace(node.name() + " is given " + call);
        world.post(node, Actor.CALLER, Actor.GATEWAY, new Message.Asked(call, node.nanos()));
    }

    void ended(SimCall call) {
        open--;
        last = call;
        if (call.status == SimCall.Status.OK) {
            settled++;
        }
        if (call.status != SimCall.Status.UNKNOWN) {
            // What is not known may still come about.
            targets.remove(call.number);
        }
        world.trace(call + " ended " + call.status + " (" + call.answer + ")");
    }

    private @Nullable Order draw() {
        Set<String> voters = voters();
        if (voters.isEmpty()) {
            return null;
        }
        if (mix.has(Fault.HAND_OVER) && (!mix.has(Fault.CHANGE_MEMBERS) || random.nextBoolean())) {
            return new Order.HandOver(random.chance(0.3) ? null : random.pick(List.copyOf(voters)));
        }
        Order order = change(voters);
        return order != null && viable(target(order, voters)) ? order : null;
    }

    private @Nullable Order change(Set<String> voters) {
        List<String> others = world.group().names().stream()
                .filter(name -> !voters.contains(name))
                .toList();
        List<String> lost = voters.stream().filter(name -> !able(name)).toList();
        int kind = random.nextInt(4);
        if (!lost.isEmpty() && random.nextBoolean()) {
            return new Order.ReplaceMember(random.pick(lost));
        } else if (kind == 0 && !others.isEmpty()) {
            return new Order.AddMembers(List.of(random.pick(others)));
        } else if (kind == 1 && voters.size() > 1) {
            return new Order.RemoveMembers(List.of(random.pick(List.copyOf(voters))));
        }
        List<String> chosen = new ArrayList<>();
        for (String name : world.group().names()) {
            if (random.nextBoolean()) {
                chosen.add(name);
            }
        }
        return chosen.isEmpty() ? null : new Order.SetMembers(chosen);
    }

    private static Set<String> target(Order order, Set<String> voters) {
        Set<String> target = new TreeSet<>(voters);
        if (order instanceof Order.AddMembers add) {
            target.addAll(add.nodes());
        } else if (order instanceof Order.RemoveMembers remove) {
            remove.nodes().forEach(target::remove);
        } else if (order instanceof Order.SetMembers set) {
            target = new TreeSet<>(set.nodes());
        } else if (order instanceof Order.HandOver) {
            target.clear();
        }
        return target;
    }

    /** The voters as the latest leader sees them. */
    private Set<String> voters() {
        Set<String> names = new TreeSet<>();
        world.nodes().stream()
                .filter(SimNode::leads)
                .map(node -> world.witness().configurations().of(node))
                .reduce((one, later) -> later)
                .map(Members::voters)
                .orElse(List.of())
                .forEach(peer -> names.add(peer.node()));
        return names;
    }

    // ---- what a group needs to go on

    /** Whether more than half of these nodes have their disks. */
    private boolean viable(Set<String> names) {
        return 2 * names.stream().filter(this::able).count() > names.size();
    }

    private boolean able(String name) {
        SimNode node = world.node(name);
        return !node.lost() && !node.disk().damaged() && !node.disk().withoutState();
    }

    private boolean able(Peer peer) {
        return able(peer.node()) && peer.equals(world.node(peer.node()).self());
    }

    /** Whether all that is in force or on its way can decide without this node. */
    boolean survives(SimNode without) {
        String name = without.name();
        return world.witness().configurations().known().stream()
                        .allMatch(members -> Configurations.survives(
                                members, peer -> able(peer) && !peer.node().equals(name)))
                && targets.values().stream()
                        .allMatch(target -> 2
                                        * target.stream()
                                                .filter(each -> able(each) && !each.equals(name))
                                                .count()
                                > target.size());
    }
}
