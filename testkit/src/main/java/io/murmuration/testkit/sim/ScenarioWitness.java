package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Image;
import io.murmuration.core.election.Role;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells what happens, and has all of it checked by the same {@link Watch} as every simulation. Mutable. */
final class ScenarioWitness implements Witness {
    private final Watch watch;
    private final ScenarioTold told;
    private final ScenarioWords words;
    /** By node: what its log in memory holds, to tell what is replaced. */
    private final Map<String, List<EntryId>> logs = new HashMap<>();

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
        }
        watch.writes(node, record);
    }

    @Override
    public void taken(SimNode node, Image<?> image) {
        told.happened(node.name(), "machine", "takes a snapshot at " + image.last());
        watch.taken(node, image);
    }

    private void appends(SimNode node, EntriesAppended appended) {
        List<EntryId> log = logs.computeIfAbsent(node.name(), name -> new ArrayList<>());
        int kept = (int) appended.first().index() - 1;
        String what = words.contents(appended.entries());
        if (kept < log.size()) {
            what = "replaces " + ScenarioWords.ids(log.subList(kept, log.size())) + " by " + what;
            log.subList(kept, log.size()).clear();
        } else {
            what = "appends " + what;
        }
        appended.entries().forEach(entry -> log.add(entry.id()));
        told.happened(node.name(), Actor.LOG.word(), what);
    }

    @Override
    public void durable(SimNode node, List<StoreRecord> records) {
        for (StoreRecord record : records) {
            if (!reading && record instanceof StoreRecord.BallotCast cast) {
                told.happened(node.name(), Actor.STORE.word(), "has on disk: " + of(cast.ballot()));
            } else if (!reading && record instanceof EntriesAppended appended) {
                told.happened(
                        node.name(),
                        Actor.STORE.word(),
                        "has on disk: "
                                + ScenarioWords.ids(appended.entries().stream()
                                        .map(Entry::id)
                                        .toList()));
            } else if (!reading && record instanceof StoreRecord.Founded) {
                told.happened(node.name(), Actor.GROUP.word(), "belongs to the group");
            }
        }
        watch.durable(node, records);
    }

    private static String of(Ballot ballot) {
        return "term " + ballot.term() + ", "
                + (ballot.votedFor() == null
                        ? "no vote"
                        : "vote for " + ballot.votedFor().node());
    }

    @Override
    public void wiped(SimNode node) {
        watch.wiped(node);
    }

    @Override
    public void recovered(SimNode node, Recovered recovered) {
        List<EntryId> log = new ArrayList<>();
        recovered.entries().forEach(entry -> log.add(entry.id()));
        logs.put(node.name(), log);
        if (recovered.group() != null) {
            told.happened(
                    node.name(),
                    Actor.STORE.word(),
                    "reads its journal: " + of(recovered.ballot()) + ", log "
                            + (log.isEmpty() ? "empty" : ScenarioWords.ids(log)));
        }
        watch.recovered(node, recovered);
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
        String what = call.command != null ? call.command.toString() : call.local ? "local read" : "read";
        String answer = call.answer instanceof Reply reply ? words.of(reply) : String.valueOf(call.answer);
        told.happened(
                call.node,
                "caller " + call.caller,
                switch (call.status) {
                    case OPEN -> "waits";
                    case OK -> "is told " + answer + " at index " + call.index + " (" + what + ")";
                    case FAILED -> "is told NOT APPLIED (" + what + "): " + firstSentence(answer);
                    case UNKNOWN -> "is told UNKNOWN (" + what + "): " + firstSentence(answer);
                });
        watch.ended(call);
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
