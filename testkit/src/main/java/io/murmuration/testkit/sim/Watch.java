package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Image;
import io.murmuration.core.election.Role;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands what happens to those who check it: votes and terms, logs and disks, outcomes and reads. */
final class Watch implements Witness {
    private final Calls callers;
    private final Consumer<SimCall> orders;
    private final Configurations configurations;
    private final Elections elections;
    private final Logs logs;
    private final Outcomes outcomes;
    private final @Nullable LeadershipWatch leadership;
    private final Hearsay hearsay = new Hearsay();
    private final Sleepers sleepers;

    Watch(SimGroup group, Sleepers sleepers, Calls callers, Consumer<SimCall> orders) {
        this(group, sleepers, callers, orders, null);
    }

    /** @param leadership knows by when somebody else must lead, in worlds where that can be known */
    Watch(
            SimGroup group,
            Sleepers sleepers,
            Calls callers,
            Consumer<SimCall> orders,
            @Nullable LeadershipWatch leadership) {
        this.leadership = leadership;
        this.callers = callers;
        this.orders = orders;
        this.configurations = new Configurations(group);
        this.elections = new Elections(group, configurations);
        this.logs = new Logs(group, elections, configurations);
        this.outcomes = new Outcomes(group, callers);
        this.sleepers = sleepers;
    }

    /** The highest index that any node knows to be committed. */
    long committed() {
        return logs.committed();
    }

    boolean founded() {
        return logs.founded();
    }

    /** How many terms had a leader. */
    long leaders() {
        return elections.leaders();
    }

    @Override
    public void says(SimNode node, String other, ElectionRpc message) {
        elections.says(node, other, message);
        if (leadership != null && message instanceof ElectionRpc.CampaignNow) {
            leadership.handsOver(node);
        }
        hearsay.says(node, other, message);
    }

    @Override
    public void says(SimNode node, String other, LogRpc message) {
        logs.says(node, message);
    }

    @Override
    public void heard(SimNode node, Message.Wire wire) {
        logs.requireOwn(node, wire.group(), wire);
        hearsay.heard(node, wire);
    }

    @Override
    public void became(SimNode node, Role role, long term) {
        elections.became(node, term);
        if (leadership != null) {
            leadership.became(node, role);
        }
    }

    @Override
    public void handsOver(SimNode node, HandOverStep step) {
        if (leadership != null && step instanceof HandOverStep.Chosen) {
            leadership.handsOver(node);
        }
    }

    @Override
    public void won(SimNode node, long term) {
        elections.won(node, term);
    }

    @Override
    public void leads(SimNode node, EntryId last) {
        logs.leads(node, last);
    }

    @Override
    public void writes(SimNode node, StoreRecord record) {
        logs.writes(node, record);
    }

    @Override
    public void taken(SimNode node, Image<?> image) {
        outcomes.taken(node, image);
    }

    @Override
    public void durable(SimNode node, List<StoreRecord> records) {
        elections.durable(node, records);
        logs.durable(node, records);
    }

    Configurations configurations() {
        return configurations;
    }

    @Override
    public void inForce(SimNode node, Members members) {
        configurations.changed(node, members);
    }

    @Override
    public void wiped(SimNode node) {
        elections.wiped(node);
        logs.wiped(node);
    }

    @Override
    public void recovered(SimNode node, Recovered recovered) {
        logs.requireOwn(node, recovered.group(), recovered);
        elections.recovered(node, recovered);
        logs.recovered(node, recovered);
    }

    @Override
    public void committed(SimNode node, List<Entry> entries) {
        logs.committed(node, entries);
    }

    @Override
    public void folded(SimNode node, Command<?> command, Meta meta, Object before, Applied<?, ?> result) {
        outcomes.folded(node, command, meta, before, result);
    }

    @Override
    public void ended(SimCall call) {
        if (call.order != null) {
            orders.accept(call);
            return;
        }
        outcomes.ended(call);
        if (call.status == SimCall.Status.OK && call.command != null) {
            logs.requireDurable(call.index, "caller " + call.caller + " was told that " + call + " took effect");
        }
        callers.ended(call);
    }

    @Override
    public void read(SimNode node, SimCall call, Object state, long applied) {
        outcomes.read(call, state, applied);
    }

    Sleepers sleepers() {
        return sleepers;
    }

    @Override
    public void dozes(SimNode node, List<String> nodes) {
        sleepers.dozes(node, nodes);
    }

    @Override
    public void silent(SimNode node) {
        sleepers.silent(node);
    }

    @Override
    public void ended(SimNode node) {
        sleepers.ended(node);
    }

    @Override
    public void stepped(SimNode node) {
        sleepers.stepped(node);
        outcomes.stepped();
        logs.stepped(node);
        configurations.stepped(node);
    }
}
