package io.murmuration.testkit.sim;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Peer;
import io.murmuration.core.snapshot.Effect.TakeNow;
import io.murmuration.testkit.sim.ScenarioLocals.Path;
import io.murmuration.testkit.sim.ScenarioNetwork.Letter;
import io.murmuration.testkit.sim.ScenarioNetwork.Link;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Carries out one command of a script after the other. Mutable. docs/scenarios.md says what each of them does. */
final class ScenarioCommands {
    private static final int NODES_MAX = 9;
    private static final long PATIENCE = 60 * Mix.SECOND;
    /** The life in which a script proposes what nobody waits for: no Gateway has it. */
    private static final UUID NOBODY = new UUID(0, 1);

    private final Map<String, Consumer<ScenarioArguments>> commands = new TreeMap<>();
    private final ScenarioTold told;
    private @Nullable ScenarioWorld world;
    private long batches;

    ScenarioCommands(ScenarioTold told) {
        this.told = told;
        commands.put("add-nodes", this::addNodes);
        commands.put("found", this::found);
        commands.put("tick", this::tick);
        commands.put("run", this::run);
        commands.put("campaign", this::campaign);
        commands.put("propose", this::propose);
        commands.put("read", words -> read(words, false));
        commands.put("read-local", words -> read(words, true));
        commands.put("append", this::append);
        commands.put(
                "order", words -> call(world().calls().order(running(words), ScenarioOrders.read(words), PATIENCE)));
        commands.put("deliver", words -> eachLetter(words, 1, letter -> world().deliver(letter, false)));
        commands.put("double", words -> eachLetter(words, 1, letter -> world().deliver(letter, true)));
        commands.put("drop", words -> eachLetter(words, 0, letter -> world().drop(letter)));
        commands.put("hold", this::hold);
        commands.put("release", this::release);
        commands.put("local", this::local);
        commands.put("cut", this::cut);
        commands.put("heal", this::heal);
        commands.put("auto-flush", this::autoFlush);
        commands.put("flush", this::flush);
        commands.put("crash", this::crash);
        commands.put("start", this::start);
        commands.put("restart", this::restart);
        commands.put("gone", words -> Hints.gone(world(), node(words), nodes(words)));
        commands.put("wipe", this::wipe);
        commands.put("forget", this::forget);
        commands.put("stabilize", this::stabilize);
        commands.put("verbose", words -> world().hearsay().verbose(words.onOrOff()));
        commands.put("status", words -> ScenarioPictures.status(nodes(words), told));
        commands.put("log", words -> ScenarioPictures.log(node(words), world().words(), told));
        commands.put("logs", words -> ScenarioPictures.logs(nodes(words), told));
        commands.put("pool", this::pool);
        commands.put("snapshots", words -> ScenarioPictures.snapshots(nodes(words), told));
        commands.put("sessions", words -> ScenarioPictures.sessions(nodes(words), told));
        commands.put("snapshot", this::snapshot);
        commands.put("damage", this::damage);
        commands.put("bounds", words -> world().limits(words.limits(world().limits())));
        commands.put("auto-delete", this::autoDelete);
    }

    /** Carries out a command; what it leads to is told. */
    void carryOut(String line) {
        ScenarioArguments words = new ScenarioArguments(line);
        boolean quietly = words.takes("quietly");
        String name = words.next("a command");
        Consumer<ScenarioArguments> command = commands.get(name);
        if (command == null) {
            throw new IllegalArgumentException(
                    "There is no command '" + name + "'; there are " + String.join(", ", commands.keySet()) + ".");
        }
        told.begin(name.equals("run"));
        command.accept(words);
        words.end();
        if (quietly) {
            told.take();
        }
    }

    private ScenarioWorld world() {
        if (world == null) {
            throw new IllegalArgumentException("There are no nodes yet; begin with add-nodes.");
        }
        return world;
    }

    // ---- the group

    private void addNodes(ScenarioArguments words) {
        if (world != null) {
            throw new IllegalArgumentException("The nodes of a scenario are added once.");
        }
        long count = words.numberOr(0);
        List<String> names = count == 0
                ? words.rest()
                : IntStream.rangeClosed(1, (int) Math.min(count, NODES_MAX + 1))
                        .mapToObj(number -> "n" + number)
                        .toList();
        long more = words.takes("and") ? words.number("how many more") : 0;
        if (more > 0) {
            names = IntStream.rangeClosed(1, (int) Math.min(count + more, NODES_MAX + 1))
                    .mapToObj(number -> "n" + number)
                    .toList();
        }
        if (names.isEmpty() || names.size() > NODES_MAX || names.stream().anyMatch(name -> !name.matches("\\w+"))) {
            throw new IllegalArgumentException("add-nodes takes a count from 1 to " + NODES_MAX + ", or names.");
        }
        world = new ScenarioWorld(names, names.size() - (int) more, told);
    }

    private void found(ScenarioArguments words) {
        for (SimNode node : world().nodes()) {
            if (!node.up()) {
                world().act(node, node.host()::start);
            }
        }
        world().stabilize(letter -> true);
    }

    // ---- time

    private void tick(ScenarioArguments words) {
        long nanos = words.duration();
        world().tick(nodes(words), nanos);
    }

    private void run(ScenarioArguments words) {
        world().run(words.duration());
    }

    private void campaign(ScenarioArguments words) {
        SimNode node = running(words);
        if (ScenarioWorld.leads(node)) {
            throw new IllegalArgumentException(node.name() + " leads already.");
        }
        if (!world().campaign(node)) {
            told.plain(node.name() + " does not stand for election within 2 T.");
        }
    }

    // ---- callers

    private void propose(ScenarioArguments words) {
        SimNode node = running(words);
        String what = words.next("add or put");
        String key = words.next("a key");
        long value = words.number("a value");
        Registers.Change change = switch (what) {
            case "add" -> new Registers.Add(key, value);
            case "put" -> new Registers.Put(key, value);
            default -> throw new IllegalArgumentException("What is proposed is 'add' or 'put', not '" + what + "'.");
        };
        call(world().calls().next(node, change, false, patience(words)));
    }

    private void read(ScenarioArguments words, boolean local) {
        SimNode node = running(words);
        call(world().calls().next(node, null, local, patience(words)));
    }

    private static long patience(ScenarioArguments words) {
        return words.takes("within") ? words.duration() : PATIENCE;
    }

    private void call(SimCall call) {
        SimNode node = world().node(call.node);
        world().act(node, () -> node.receive(Actor.GATEWAY, new Message.Asked(call, node.nanos())));
    }

    /** Commands that nobody waits for, in a session that nobody knows: entries for the sake of a log's shape. */
    private void append(ScenarioArguments words) {
        SimNode node = running(words);
        long count = words.number("how many");
        int bytes = words.takes("of") ? (int) words.number("how many bytes") : 1;
        if (!node.hears(Actor.LOG) || count < 1 || count > 100 || bytes < 0 || bytes > 100_000) {
            throw new IllegalArgumentException(
                    "append takes a node whose replica runs, 1 to 100 entries and at most" + " 100,000 bytes.");
        }
        List<ClientRpc.Proposal> proposals = new ArrayList<>();
        for (long serial = 1; serial <= count; serial++) {
            proposals.add(new ClientRpc.Proposal(serial, new Encoded(0, ScenarioWords.NOBODYS, new byte[bytes])));
        }
        ClientRpc propose = new ClientRpc.Propose(NOBODY, ++batches, 0, 1, proposals);
        Message.Wire wire = new Message.Wire(node.groupId(), new Peer(node.name(), NOBODY), propose);
        world().act(node, () -> node.receive(Actor.LOG, wire));
    }

    // ---- messages

    private void eachLetter(ScenarioArguments words, int least, Consumer<Letter> act) {
        Link link = words.link(world());
        List<Letter> lying = world().network().lying(link::covers, true);
        if (words.takes("last")) {
            lying = lying.subList(Math.max(0, lying.size() - 1), lying.size());
        }
        long count = words.numberOr(lying.size());
        if (lying.size() < least || count > lying.size()) {
            throw new IllegalArgumentException(
                    "Of " + link + " there are only " + lying.size() + " messages; 'pool' shows what lies there.");
        }
        lying.subList(0, (int) count).forEach(act);
    }

    private void hold(ScenarioArguments words) {
        if (words.isArrowNext()) {
            world().network().hold(words.link(world()));
        } else {
            world().locals(node(words)).hold(words.path());
        }
    }

    private void release(ScenarioArguments words) {
        if (words.isArrowNext()) {
            Link link = words.link(world());
            require(world().network().release(link), link + " is not held.");
        } else {
            SimNode node = node(words);
            Path path = words.path();
            require(world().locals(node).release(path), path + " of " + node.name() + " is not held.");
            world().settle(node);
        }
    }

    private void local(ScenarioArguments words) {
        SimNode node = node(words);
        Path path = words.path();
        long count = words.numberOr(1);
        for (long at = 0; at < count; at++) {
            require(world().hearOne(node, path), "Nothing waits in " + path + " of " + node.name() + ".");
        }
    }

    private void cut(ScenarioArguments words) {
        if (words.isArrowNext()) {
            Link link = words.link(world());
            each(link.from(), from -> each(link.to(), to -> world().network().cut(from, to)));
            return;
        }
        String all = String.join(" ", words.rest());
        String[] sides = all.split("\\|", -1);
        require(sides.length == 2, "cut says n1->n2 for one way, or n1 n2|n3 n4 for both ways.");
        for (String one : sides[0].strip().split("\\s+", -1)) {
            for (String other : sides[1].strip().split("\\s+", -1)) {
                world().network()
                        .cut(world().node(one).name(), world().node(other).name());
                world().network().cut(other, one);
            }
        }
    }

    private void each(String name, Consumer<String> act) {
        for (SimNode node : world().nodes()) {
            if (name.equals(ScenarioNetwork.ANY) || name.equals(node.name())) {
                act.accept(node.name());
            }
        }
    }

    private void heal(ScenarioArguments words) {
        world().network().heal();
    }

    private void stabilize(ScenarioArguments words) {
        Set<String> names = new LinkedHashSet<>();
        nodes(words).forEach(node -> names.add(node.name()));
        world().stabilize(letter -> names.contains(letter.from().name())
                && names.contains(letter.to().name()));
    }

    private void pool(ScenarioArguments words) {
        for (Letter letter : world().network().lying(each -> true, true)) {
            told.said(
                    letter.from().name(),
                    letter.to().name(),
                    true,
                    letter.actor().word(),
                    world().words().of(letter.message().body()));
        }
    }

    // ---- disks and processes

    private void autoFlush(ScenarioArguments words) {
        boolean on = words.onOrOff();
        for (SimNode node : nodes(words)) {
            world().locals(node).flushesByItself(on);
            world().settle(node);
        }
    }

    private void flush(ScenarioArguments words) {
        SimNode node = running(words);
        boolean once = words.takes("once");
        require(world().flush(node), "The disk of " + node.name() + " has nothing to sync.");
        while (!once && world().flush(node)) {
            told.newRound();
        }
    }

    private void crash(ScenarioArguments words) {
        SimNode node = running(words);
        int kept = words.takes("keep") ? (int) words.number("how many records are kept") : 0;
        require(
                kept <= node.disk().unsynced(),
                "Only " + node.disk().unsynced() + " records of " + node.name() + " are not synced.");
        int lost = node.disk().unsynced() - kept;
        told.happened(
                node.name(),
                Actor.GROUP.word(),
                "dies; records that were not synced: " + kept + " kept, " + lost + " lost");
        world().crash(node, kept);
    }

    private void start(ScenarioArguments words) {
        SimNode node = node(words);
        require(!node.up(), node.name() + " runs already.");
        world().act(node, node.host()::start);
    }

    private void restart(ScenarioArguments words) {
        SimNode node = running(words);
        told.happened(node.name(), Actor.GROUP.word(), "stops its replica, to start it anew");
        world().act(node, () -> node.stopReplica("The script restarts it."));
    }

    private void wipe(ScenarioArguments words) {
        SimNode node = node(words);
        require(!node.up(), "Only a node that does not run can lose its disk; crash it first.");
        world().wipe(node);
    }

    /** A disk that loses what it had synced, and nobody is told: no protocol lives with that, and the watch says so. */
    private void forget(ScenarioArguments words) {
        SimNode node = node(words);
        require(!node.up(), "Only the disk of a node that does not run can forget; crash it first.");
        node.disk().wipe();
    }

    // ---- snapshots

    /** What Snapshots asks of the Machine when somebody wants one. */
    private void snapshot(ScenarioArguments words) {
        SimNode node = running(words);
        require(node.hears(Actor.MACHINE), "The replica of " + node.name() + " does not run.");
        world().act(node, () -> node.receive(Actor.MACHINE, new TakeNow()));
    }

    private void damage(ScenarioArguments words) {
        SimNode node = node(words);
        require(!node.disk().snapshots().isEmpty(), node.name() + " has no snapshot that could be damaged.");
        node.disk().damageSnapshot();
    }

    private void autoDelete(ScenarioArguments words) {
        boolean on = words.onOrOff();
        nodes(words).forEach(node -> world().locals(node).deletesByItself(on));
    }

    // ---- words

    private SimNode node(ScenarioArguments words) {
        return world().node(words.next("a node"));
    }

    private SimNode running(ScenarioArguments words) {
        SimNode node = node(words);
        require(node.up(), node.name() + " does not run; start it.");
        return node;
    }

    /** The named ones, or all. */
    private List<SimNode> nodes(ScenarioArguments words) {
        List<String> names = words.rest();
        return names.isEmpty()
                ? world().nodes()
                : names.stream().map(world()::node).toList();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
