package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Image;
import io.murmuration.core.election.Role;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Tells what happens, and has all of it checked by the same {@link Watch} as every simulation. Mutable. */
final class ScenarioWitness implements Witness {
    private final Watch watch;
    private final ScenarioTold told;
    private final ScenarioWords words;
    /** By node: what its log in memory holds, to tell what is replaced. */
    private final Map<String, NavigableMap<Long, EntryId>> logs = new HashMap<>();

    private boolean reading;

    ScenarioWitness(Watch watch, ScenarioTold told, ScenarioWords words) {
        this.watch = watch;
        this.told = told;
        this.words = words;
    }

    /** Whether a journal is being read, so that what is durable in it was told before. */
    void reading(boolean now) {
        reading = now;
    }

    @Override
    public void says(SimNode node, String other, ElectionRpc message) {
        watch.says(node, other, message);
    }

    @Override
    public void says(SimNode node, String other, LogRpc message) {
        watch.says(node, other, message);
    }

    @Override
    public void heard(SimNode node, Message.Wire wire) {
        watch.heard(node, wire);
    }

    @Override
    public void became(SimNode node, Role role, long term) {
        told.happened(node.name(), Actor.ELECTION.word(), "becomes " + role.word() + " of term " + term);
        watch.became(node, role, term);
    }

    @Override
    public void won(SimNode node, long term) {
        watch.won(node, term);
    }

    @Override
    public void leads(SimNode node, EntryId last) {
        watch.leads(node, last);
    }

    @Override
    public void writes(SimNode node, StoreRecord record) {
        if (record instanceof EntriesAppended appended) {
            appends(node, appended);
        } else if (record instanceof PrefixDropped dropped) {
            drops(node, dropped.base().last());
        } else if (record instanceof SnapshotInstalled installed) {
            installs(node, installed);
        }
        watch.writes(node, record);
    }

    @Override
    public void taken(SimNode node, Image<?> image) {
        told.happened(node.name(), "machine", "takes a snapshot at " + image.last());
        watch.taken(node, image);
    }

    private void appends(SimNode node, EntriesAppended appended) {
        NavigableMap<Long, EntryId> log = log(node);
        NavigableMap<Long, EntryId> replaced = log.tailMap(appended.first().index(), true);
        String what = words.contents(appended.entries());
        what = replaced.isEmpty() ? "appends " + what : "replaces " + ids(replaced) + " by " + what;
        replaced.clear();
        appended.entries().forEach(entry -> log.put(entry.index(), entry.id()));
        told.happened(node.name(), Actor.LOG.word(), what);
    }

    private void drops(SimNode node, EntryId base) {
        NavigableMap<Long, EntryId> dropped = log(node).headMap(base.index(), true);
        told.happened(node.name(), Actor.LOG.word(), "drops " + ids(dropped) + ", which its snapshot includes");
        dropped.clear();
    }

    private void installs(SimNode node, SnapshotInstalled installed) {
        NavigableMap<Long, EntryId> log = log(node);
        EntryId kept = installed.kept();
        String rest = kept == null ? "" : ", keeps what follows up to " + kept;
        log.headMap(installed.base().last().index(), true).clear();
        if (kept == null) {
            rest = log.isEmpty() ? "" : ", throws away " + ids(log);
            log.clear();
        }
        String what = "installs the snapshot at " + installed.base().last() + rest;
        told.happened(node.name(), Actor.LOG.word(), what);
    }

    private NavigableMap<Long, EntryId> log(SimNode node) {
        return logs.computeIfAbsent(node.name(), name -> new TreeMap<>());
    }

    private static String ids(NavigableMap<Long, EntryId> entries) {
        return ScenarioWords.ids(List.copyOf(entries.values()));
    }

    @Override
    public void durable(SimNode node, List<StoreRecord> records) {
        for (StoreRecord record : records) {
            if (!reading && record instanceof StoreRecord.Founded) {
                told.happened(node.name(), Actor.GROUP.word(), "belongs to the group");
            } else if (!reading && !(record instanceof StoreRecord.Prepared)) {
                told.happened(node.name(), Actor.STORE.word(), "has on disk: " + of(record));
            }
        }
        watch.durable(node, records);
    }

    private static String of(StoreRecord record) {
        if (record instanceof EntriesAppended appended) {
            return ScenarioWords.ids(appended.entries().stream().map(Entry::id).toList());
        }
        if (record instanceof PrefixDropped dropped) {
            Base base = dropped.base();
            return "nothing up to " + base.last() + " (" + of(base.ballot()) + ")";
        }
        if (record instanceof SnapshotInstalled installed) {
            Base base = installed.base();
            return "installed " + base.last() + ", kept " + (installed.kept() == null ? "nothing" : installed.kept())
                    + " (" + of(base.ballot()) + ")";
        }
        return record instanceof StoreRecord.BallotCast cast ? of(cast.ballot()) : "";
    }

    private static String of(Ballot ballot) {
        return "term " + ballot.term() + ", "
                + (ballot.votedFor() == null
                        ? "no vote"
                        : "vote for " + ballot.votedFor().node());
    }

    @Override
    public void inForce(SimNode node, Members members) {
        watch.inForce(node, members);
    }

    @Override
    public void wiped(SimNode node) {
        watch.wiped(node);
    }

    @Override
    public void recovered(SimNode node, Recovered recovered) {
        NavigableMap<Long, EntryId> log = new TreeMap<>();
        recovered.entries().forEach(entry -> log.put(entry.index(), entry.id()));
        logs.put(node.name(), log);
        if (recovered.group() != null) {
            told.happened(
                    node.name(),
                    Actor.STORE.word(),
                    "reads its journal: " + of(recovered.ballot()) + ", log " + (log.isEmpty() ? "empty" : ids(log))
                            + behind(recovered.base()));
        }
        watch.recovered(node, recovered);
    }

    private static String behind(EntryId base) {
        return base.equals(EntryId.NONE) ? "" : " behind " + base;
    }

    @Override
    public void committed(SimNode node, List<Entry> entries) {
        told.happened(
                node.name(),
                Actor.LOG.word(),
                "commits " + ScenarioWords.ids(entries.stream().map(Entry::id).toList()));
        watch.committed(node, entries);
    }

    @Override
    public void folded(SimNode node, Command<?> command, Meta meta, Object before, Applied<?, ?> result) {
        watch.folded(node, command, meta, before, result);
    }

    @Override
    public void ended(SimCall call) {
        String what = call.order != null
                ? ScenarioOrders.of(call.order)
                : call.command != null ? call.command.toString() : call.local ? "local read" : "read";
        String answer = answer(call);
        told.happened(
                call.node,
                "caller " + call.caller,
                switch (call.status) {
                    case OPEN -> "waits";
                    case OK ->
                        "is told " + answer + (call.order == null ? " at index " + call.index : "") + " (" + what + ")";
                    case FAILED -> "is told NOT APPLIED (" + what + "): " + firstSentence(answer);
                    case UNKNOWN -> "is told UNKNOWN (" + what + "): " + firstSentence(answer);
                });
        watch.ended(call);
    }

    private String answer(SimCall call) {
        if (call.answer instanceof Members members) {
            return "the members are " + ScenarioOrders.of(members);
        }
        return call.answer instanceof Reply reply ? words.of(reply) : String.valueOf(call.answer);
    }

    private static String firstSentence(String words) {
        int end = words.indexOf(". ");
        return end < 0 ? words : words.substring(0, end + 1);
    }

    @Override
    public void read(SimNode node, SimCall call, Object state, long applied) {
        watch.read(node, call, state, applied);
    }

    @Override
    public void stepped(SimNode node) {
        watch.stepped(node);
    }
}
