package io.murmuration.testkit.sim;

import io.murmuration.core.election.ElectionSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One group of a simulated world: its replicas, those who ask it and change it, and who watches. Mutable. What its
 * replicas need they get from the world that they share with those of other groups.
 */
final class RunningGroup implements World {
    private final Simulation world;
    private final int place;
    private final SimGroup group;
    private final List<SimNode> nodes = new ArrayList<>();
    private final Callers callers;
    private final Operators operators;
    private final LeadershipWatch leadership;
    private final Watch witness;

    /**
     * A group without replicas.
     *
     * @param place which of the groups it is
     * @param asked how many callers there are, and by how many there are more in a crowd
     */
    RunningGroup(
            Simulation world,
            int place,
            SimGroup group,
            Crowd asked,
            Workload workload,
            SimRandom asking,
            SimRandom ordering) {
        this.world = world;
        this.place = place;
        this.group = group;
        this.callers = new Callers(this, asked.callers(), asked.times(), workload, asking);
        this.operators = new Operators(this, world.mix(), ordering);
        this.leadership =
                new LeadershipWatch(this, world.several() ? null : world.leadership().alone, world.standstills());
        Sleepers sleepers = new Sleepers(world.mix(), group.names().size());
        this.witness = new Watch(group, sleepers, callers, operators::ended, leadership);
    }

    /** So many callers, and so many times as many in a crowd. */
    record Crowd(int callers, int times) {}

    /** The group has a replica on this machine. */
    void settle(SimHost host, SimRandom random) {
        SimNode node = new SimNode(host, place, this, group, random);
        nodes.add(node);
        host.add(node);
    }

    void begin() {
        callers.begin();
        operators.begin();
    }

    /** No more faults. */
    void calm() {
        operators.calm();
        leadership.calm();
    }

    // ---- what its replicas need

    @Override
    public long now() {
        return world.now();
    }

    @Override
    public void post(SimNode node, Actor from, Actor to, Object message) {
        world.post(node, from, to, message);
    }

    @Override
    public void transmit(SimNode node, Actor from, String other, Actor to, Message.Wire message) {
        world.transmit(node, from, other, to, message);
    }

    @Override
    public void wake(SimNode node, Actor actor, long localNanos) {
        world.wake(node, actor, localNanos);
    }

    @Override
    public void sync(SimNode node) {
        world.sync(node);
    }

    @Override
    public void recover(SimNode node) {
        world.recover(node);
    }

    @Override
    public void startAnew(SimNode node) {
        world.startAnew(node);
    }

    @Override
    public void askAgain(SimNode node) {
        world.askAgain(node);
    }

    @Override
    public void beforeEffect(SimNode node) {
        world.beforeEffect(node);
    }

    @Override
    public void aside(SimNode node, String what, Runnable end) {
        world.aside(node, what, end);
    }

    @Override
    public Limits limits() {
        return world.limits();
    }

    @Override
    public boolean replacesLost() {
        return world.mix().replacesLost && world.mix().has(Fault.CHANGE_MEMBERS);
    }

    @Override
    public ElectionSettings election(SimNode node, Duration timeout) {
        return world.leadership().settings(node, timeout, world.mix().driftPpm);
    }

    @Override
    public void relieved(SimNode node) {
        world.stalls().relieved(node);
    }

    @Override
    public List<String> contacts() {
        return group.names();
    }

    @Override
    public Watch witness() {
        return witness;
    }

    @Override
    public void dozes() {
        world.lulls().dozes();
    }

    // ---- what those who ask and change it need

    void later(long nanos, String what, Runnable act) {
        world.later(nanos, what, act);
    }

    /** Whether everybody holds back. */
    boolean lull() {
        return world.lulls().now();
    }

    void trace(String what) {
        world.trace(world.several() ? "group " + group.name() + ": " + what : what);
    }

    // ---- what is seen from outside

    SimGroup group() {
        return group;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    SimNode node(String name) {
        return nodes.get(group.names().indexOf(name));
    }

    Callers callers() {
        return callers;
    }

    Operators operators() {
        return operators;
    }

    /** Knows by when somebody else must lead, where that can be known. */
    LeadershipWatch leadership() {
        return leadership;
    }
}
