package io.murmuration.tool;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.BallotCast;
import io.murmuration.core.model.StoreRecord.Base;
import io.murmuration.core.model.StoreRecord.Founded;
import io.murmuration.core.model.StoreRecord.PrefixDropped;
import io.murmuration.core.model.StoreRecord.Prepared;
import io.murmuration.core.model.StoreRecord.SnapshotInstalled;
import io.murmuration.persistence.JournalInspection.Damage;
import io.murmuration.persistence.JournalInspection.SegmentFile;
import io.murmuration.persistence.JournalInspection.Stream;
import io.murmuration.persistence.JournalInspection.TornTail;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What was found, as JSON. Names are added as time goes by, and none changes its meaning. */
final class Json {
    private Json() {}

    static ObjectNode inspected(FolderFacts facts) {
        ObjectNode all = begun(facts);
        all.set("segments", array(facts.segments(), Json::of));
        all.set("persistenceIds", array(facts.streams(), Json::of));
        all.set("groups", array(facts.replicas(), Json::of));
        all.set("snapshots", array(facts.snapshots(), Json::of));
        ended(all, facts);
        return all;
    }

    static ObjectNode verified(FolderFacts facts) {
        ObjectNode all = begun(facts);
        ObjectNode totals = all.putObject("totals");
        totals.put("segments", facts.segments().size());
        totals.put("records", facts.records());
        totals.put("persistenceIds", facts.streams().size());
        totals.put("groups", facts.replicas().size());
        totals.put("entries", facts.entries());
        totals.put("snapshots", facts.snapshots().size());
        totals.put("bytes", facts.bytes());
        ended(all, facts);
        return all;
    }

    private static ObjectNode begun(FolderFacts facts) {
        ObjectNode all = object();
        all.put("folder", facts.folder().toString());
        all.put("node", facts.node());
        all.put("ok", facts.damages().isEmpty());
        return all;
    }

    private static void ended(ObjectNode all, FolderFacts facts) {
        TornTail torn = facts.tornTail();
        if (torn != null) {
            all.putObject("tornTail").put("file", torn.file()).put("offset", torn.offset());
        }
        all.set("damages", array(facts.damages(), Json::of));
        ArrayNode lost = all.putArray("lost");
        for (FolderFacts.LostPart part : facts.lost()) {
            ObjectNode each = lost.addObject();
            each.put("persistenceId", part.lost().persistenceId());
            each.put("from", part.lost().from());
            each.put("to", part.lost().to());
            if (part.replica() != null && part.indices() != null) {
                each.put("group", part.replica().name().group());
                each.put("node", part.replica().name().node());
                each.put("firstIndex", part.indices().from());
                if (part.indices().to() != Long.MAX_VALUE) {
                    each.put("lastIndex", part.indices().to());
                }
            }
        }
    }

    private static ObjectNode of(SegmentFile segment) {
        return object().put("file", segment.file())
                .put("use", lower(segment.use()))
                .put("number", segment.number())
                .put("size", segment.size())
                .put("used", segment.used())
                .put("records", segment.records())
                .put("liveBytes", segment.liveBytes());
    }

    private static ObjectNode of(Stream stream) {
        return object().put("persistenceId", stream.persistenceId())
                .put("highest", stream.highest())
                .put("deletedTo", stream.deletedTo())
                .put("records", stream.records())
                .put("bytes", stream.bytes());
    }

    private static ObjectNode of(ReplicaFacts replica) {
        ObjectNode each = object().put("group", replica.name().group())
                .put("node", replica.name().node())
                .put("persistenceId", replica.persistenceId());
        each.put("id", replica.id() == null ? null : replica.id().toString());
        each.put(
                "incarnation",
                replica.incarnation() == null ? null : replica.incarnation().toString());
        each.set("ballot", of(replica.ballot()));
        each.set("base", of(replica.base()));
        each.set("last", of(replica.last()));
        each.set(
                "terms",
                array(
                        replica.log(),
                        run -> object().put("term", run.term())
                                .put("first", run.first())
                                .put("last", run.last())));
        each.set("members", of(replica.members()));
        if (replica.wrong() != null) {
            each.put("wrong", replica.wrong());
        }
        return each;
    }

    private static ObjectNode of(FolderFacts.SnapshotFacts snapshot) {
        ObjectNode each = object().put("file", snapshot.entry().file())
                .put("persistenceId", snapshot.entry().persistenceId())
                .put("group", snapshot.group())
                .put("index", snapshot.entry().sequenceNr());
        EntryId last = snapshot.last();
        if (last != null) {
            each.put("term", last.term());
        }
        return each.put("timeMillis", snapshot.entry().timestampMillis())
                .put("bytes", snapshot.entry().bytes())
                .put("intact", snapshot.entry().intact());
    }

    private static ObjectNode of(Damage damage) {
        return object().put("file", damage.file())
                .put("offset", damage.offset())
                .put("finding", damage.finding())
                .put("wayOut", damage.wayOut());
    }

    static ObjectNode of(Members members) {
        ObjectNode each = object();
        each.set("voters", array(members.voters(), Json::of));
        each.set("outgoing", array(members.outgoing(), Json::of));
        each.set("learners", array(members.learners(), Json::of));
        return each;
    }

    private static ObjectNode of(Peer peer) {
        return object().put("node", peer.node())
                .put("incarnation", peer.incarnation().toString());
    }

    private static ObjectNode of(Ballot ballot) {
        ObjectNode each = object().put("term", ballot.term());
        Peer candidate = ballot.votedFor();
        return candidate == null ? each.putNull("votedFor") : each.set("votedFor", of(candidate));
    }

    private static ObjectNode of(EntryId id) {
        return object().put("index", id.index()).put("term", id.term());
    }

    /** A record that holds no entry. */
    static void put(ObjectNode line, StoreRecord record) {
        if (record instanceof BallotCast cast) {
            line.put("type", "ballot").set("ballot", of(cast.ballot()));
        } else if (record instanceof Prepared prepared) {
            line.put("type", "prepared")
                    .put("incarnation", prepared.incarnation().toString());
        } else if (record instanceof Founded founded) {
            line.put("type", "founded").put("id", founded.group().toString()).set("members", of(founded.members()));
        } else if (record instanceof PrefixDropped dropped) {
            put(line.put("type", "base"), dropped.base());
        } else if (record instanceof SnapshotInstalled installed) {
            put(line.put("type", "snapshot"), installed.base());
            EntryId kept = installed.kept();
            line.set("kept", kept == null ? null : of(kept));
        }
    }

    private static void put(ObjectNode line, Base base) {
        line.set("last", of(base.last()));
        line.set("members", of(base.members()));
        line.set("ballot", of(base.ballot()));
    }

    private static <T> ArrayNode array(Collection<T> values, Function<T, ObjectNode> form) {
        List<ObjectNode> nodes = values.stream().map(form).toList();
        return JsonNodeFactory.instance.arrayNode().addAll(nodes);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String lower(@Nullable Object value) {
        return String.valueOf(value).toLowerCase(Locale.ROOT);
    }
}
