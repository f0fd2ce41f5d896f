package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Machine;
import io.murmuration.core.election.Election;
import io.murmuration.core.election.View;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.Replay;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** How nodes look at one moment. */
final class ScenarioPictures {
    private static final int NAME = 7;

    private ScenarioPictures() {}

    /** Role, term, log, commit and state of each, one line each. */
    static void status(List<SimNode> nodes, ScenarioTold told) {
        nodes.forEach(node -> told.plain(ScenarioTold.padded(node.name(), NAME) + status(node)));
    }

    private static String status(SimNode node) {
        Election election = node.election();
        ReplicatedLog log = node.log();
        Machine<?> machine = node.machine();
        if (!node.up()) {
            return "does not run";
        }
        if (election == null || log == null || machine == null) {
            return node.obstacle();
        }
        View view = election.view(node.nanos());
        String state = machine.hasState()
                ? "applied " + machine.applied().index() + ", state " + machine.state()
                : "waits for a state";
        return view.role().word() + " of term " + view.term() + ", last " + log.last() + ", durable " + log.durable()
                + ", commit " + log.commit() + ", " + state;
    }

    /** Every entry of one log. */
    static void log(SimNode node, ScenarioWords words, ScenarioTold told) {
        if (!base(node).equals(EntryId.NONE)) {
            told.plain("(nothing up to " + base(node) + ")");
        }
        entries(node).forEach(entry -> told.plain(words.of(entry)));
    }

    /** The terms of all logs below each other, as in figure 7; a bar stands behind what a node knows as committed. */
    static void logs(List<SimNode> nodes, ScenarioTold told) {
        long longest = nodes.stream()
                .mapToLong(node -> base(node).index() + entries(node).size())
                .max()
                .orElse(0);
        StringBuilder head = new StringBuilder(ScenarioTold.padded("index", NAME));
        for (int index = 1; index <= longest; index++) {
            head.append(cell(index)).append(' ');
        }
        told.plain(head.toString());
        for (SimNode node : nodes) {
            ReplicatedLog log = node.log();
            long commit = log == null ? -1 : log.commit();
            StringBuilder line = new StringBuilder(ScenarioTold.padded(node.name(), NAME));
            for (long index = 1; index <= base(node).index(); index++) {
                line.append(" .").append(index == commit ? '|' : ' ');
            }
            for (Entry entry : entries(node)) {
                line.append(cell(entry.term())).append(entry.index() == commit ? '|' : ' ');
            }
            told.plain(line + (log == null ? " (on disk)" : ""));
        }
    }

    private static String cell(long number) {
        return (number < 10 ? " " : "") + number;
    }

    private static List<Entry> entries(SimNode node) {
        ReplicatedLog log = node.log();
        if (log == null) {
            return onDisk(node).entries();
        }
        List<Entry> entries = new ArrayList<>();
        for (long index = log.base().index() + 1; index <= log.last().index(); index++) {
            entries.add(log.entry(index));
        }
        return entries;
    }

    private static EntryId base(SimNode node) {
        ReplicatedLog log = node.log();
        return log == null ? onDisk(node).base() : log.base();
    }

    private static Recovered onDisk(SimNode node) {
        Replay replay = new Replay();
        node.disk().durable(0).forEach(replay::add);
        return replay.result();
    }

    /** What each node has on disk that can be read, and who of its Gateways has a session as its Machine knows. */
    static void snapshots(List<SimNode> nodes, ScenarioTold told) {
        for (SimNode node : nodes) {
            StringJoiner held = new StringJoiner(", ");
            node.disk().snapshots().forEach((index, bytes) -> held.add(index + " (" + bytes.size() + " bytes)"));
            String what = held.length() == 0 ? "no snapshot" : "snapshot at " + held;
            EntryId base = base(node);
            told.plain(ScenarioTold.padded(node.name(), NAME) + what + ", log "
                    + (base.equals(EntryId.NONE) ? "from the beginning" : "behind " + base));
        }
    }

    /** The open sessions as a node's Machine knows them. */
    static void sessions(List<SimNode> nodes, ScenarioTold told) {
        for (SimNode node : nodes) {
            Machine<?> machine = node.machine();
            StringJoiner open = new StringJoiner(", ");
            if (machine != null) {
                machine.sessions().contents().forEach(each -> open.add(each.session() + " of " + each.node()));
            }
            told.plain(ScenarioTold.padded(node.name(), NAME) + "sessions: " + open);
        }
    }
}
