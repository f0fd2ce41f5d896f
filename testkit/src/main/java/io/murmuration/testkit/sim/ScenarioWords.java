package io.murmuration.testkit.sim;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Reply;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.MachineRpc;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.SnapshotRpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What is said and written, in the words of a story. */
final class ScenarioWords {
    /** The manifest of what a script appends without a caller. */
    static final String NOBODYS = "nobody's";

    private final Codec codec;

    ScenarioWords(Codec codec) {
        this.codec = codec;
    }

    String of(Rpc body) {
        if (body instanceof ElectionRpc rpc) {
            return election(rpc);
        }
        if (body instanceof LogRpc rpc) {
            return log(rpc);
        }
        if (body instanceof SnapshotRpc rpc) {
            return snapshot(rpc);
        }
        if (body instanceof MachineRpc.OutcomeHash hash) {
            return "up to " + hash.index() + " my outcomes hash to " + Long.toHexString(hash.chain());
        }
        return body instanceof ClientRpc rpc ? client(rpc) : founding(body);
    }

    private static String snapshot(SnapshotRpc rpc) {
        if (rpc instanceof SnapshotRpc.SnapshotWanted ask) {
            return "who has a snapshot that reaches " + ask.index() + "?";
        }
        if (rpc instanceof SnapshotRpc.SnapshotHeld reply) {
            return "I hold " + of(reply.snapshot());
        }
        if (rpc instanceof SnapshotRpc.SnapshotPull ask) {
            return "give me " + of(ask.id()) + " from byte " + ask.offset() + " on";
        }
        if (rpc instanceof SnapshotRpc.SnapshotChunk piece) {
            long end = piece.offset() + piece.bytes().size();
            return of(piece.id()) + ", bytes " + piece.offset() + " to " + end + (piece.last() ? ", its end" : "");
        }
        if (rpc instanceof SnapshotRpc.SnapshotArrived arrived) {
            return of(arrived.id()) + " has arrived";
        }
        return of(((SnapshotRpc.SnapshotGone) rpc).id()) + " is gone";
    }

    private static String of(SnapshotRpc.SnapshotId id) {
        return "the snapshot at " + id.index() + " of " + id.holder().node();
    }

    static String of(SnapshotRpc.Held held) {
        return "the snapshot at " + held.last() + " of " + held.id().holder().node() + ", " + held.size() + " bytes";
    }

    private static String founding(Rpc body) {
        if (body instanceof FoundingRpc.AreYouEmpty) {
            return "are you empty?";
        }
        if (body instanceof FoundingRpc.Empty) {
            return "I am empty";
        }
        if (body instanceof FoundingRpc.Invited) {
            return "you are invited";
        }
        return body instanceof FoundingRpc.Knows ? "the group exists" : "the group is founded";
    }

    private static String election(ElectionRpc rpc) {
        String term = Long.toString(rpc.term());
        if (rpc instanceof ElectionRpc.PreVote ask) {
            return "would you vote for me in term " + term + "? (last " + ask.last() + ")";
        }
        if (rpc instanceof ElectionRpc.PreVoteReply reply) {
            return (reply.granted() ? "I would" : "I would not") + " (proposed " + reply.proposed() + ", term " + term
                    + ")";
        }
        if (rpc instanceof ElectionRpc.RequestVote ask) {
            return "vote for me in term " + term + " (last " + ask.last() + (ask.transfer() ? ", handed over)" : ")");
        }
        if (rpc instanceof ElectionRpc.VoteReply reply) {
            return reply.granted() ? "you have my vote of term " + term : "no vote (term " + term + ")";
        }
        if (rpc instanceof ElectionRpc.Heartbeat beat) {
            return "I lead term " + term + " (round " + beat.round() + ")";
        }
        if (rpc instanceof ElectionRpc.HeartbeatReply reply) {
            return "heard in term " + term + " (round " + reply.round() + ")";
        }
        return "campaign now (term " + term + ")";
    }

    private static String log(LogRpc rpc) {
        if (rpc instanceof LogRpc.AppendEntries append) {
            String what = append.entries().isEmpty()
                    ? "append nothing"
                    : "append " + ids(append.entries().stream().map(Entry::id).toList());
            return what + " behind " + append.previous() + ", commit " + append.commit() + " (term " + append.term()
                    + ")";
        }
        if (rpc instanceof LogRpc.Matched reply) {
            return "matches up to " + reply.matched() + " (term " + reply.term() + ")";
        }
        if (rpc instanceof LogRpc.Mismatched reply) {
            return "does not match; try " + reply.hint() + " (term " + reply.term() + ")";
        }
        if (rpc instanceof LogRpc.SnapshotOffer offer) {
            return "pull " + of(offer.snapshot()) + " (term " + offer.term() + ")";
        }
        return "refused, it is term " + rpc.term() + " here";
    }

    private String client(ClientRpc rpc) {
        if (rpc instanceof ClientRpc.Open) {
            return "open a session";
        }
        if (rpc instanceof ClientRpc.Propose ask) {
            StringJoiner words = new StringJoiner(", ", "propose ", "");
            ask.proposals().forEach(each -> words.add("serial " + each.serial() + ": " + command(each.command())));
            return words.toString();
        }
        if (rpc instanceof ClientRpc.Opened reply) {
            return "session " + reply.session() + " is open";
        }
        if (rpc instanceof ClientRpc.Outcomes reply) {
            StringJoiner words = new StringJoiner(", ");
            reply.outcomes()
                    .forEach(each -> words.add(
                            "serial " + each.serial() + " at index " + each.index() + ": " + of(each.reply())));
            return words.toString();
        }
        if (rpc instanceof ClientRpc.Refused reply) {
            String what = reply.serials().isEmpty() ? "the session" : "serials " + reply.serials();
            return "refused " + what + hint(reply.refusal(), reply.leader())
                    + (reply.surely() ? ", this copy is surely gone" : ", this copy may still commit");
        }
        if (rpc instanceof ClientRpc.ReadIndex ask) {
            return "read " + ask.id() + ": from which index?";
        }
        if (rpc instanceof ClientRpc.ReadReady reply) {
            return "read " + reply.id() + ": from index " + reply.index();
        }
        if (rpc instanceof ClientRpc.ReadRefused reply) {
            return "read " + reply.id() + " refused" + hint(reply.refusal(), reply.leader());
        }
        if (rpc instanceof ClientRpc.Control order) {
            return ScenarioOrders.of(order);
        }
        if (rpc instanceof ClientRpc.Ruled reply) {
            return ScenarioOrders.of(reply);
        }
        return Words.of(rpc);
    }

    private static String hint(ClientRpc.Refusal refusal, @Nullable String leader) {
        String why = refusal.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return ": " + why + (leader == null ? "" : ", ask " + leader);
    }

    /** A reply as a caller sees it. */
    String of(Reply reply) {
        if (reply instanceof Reply.Replied replied) {
            return String.valueOf(codec.decode(replied.value()));
        }
        return reply instanceof Reply.Declined declined
                ? "declined, " + declined.reason()
                : reply.getClass().getSimpleName();
    }

    private String command(Encoded command) {
        return command.manifest().equals(NOBODYS) ? "nobody's command" : String.valueOf(codec.decode(command));
    }

    String of(Entry entry) {
        Payload payload = entry.payload();
        if (payload instanceof Payload.Proposed proposed) {
            return entry.id() + " " + command(proposed.command());
        }
        if (payload instanceof Payload.OpenSession open) {
            return entry.id() + " session of " + open.node();
        }
        if (payload instanceof Payload.MembersSet set) {
            return entry.id() + " members " + ScenarioOrders.of(set.members());
        }
        return entry.id() + " no-op";
    }

    /** What entries are about; of those that nobody waits for the ids alone. */
    String contents(List<Entry> entries) {
        StringJoiner words = new StringJoiner(", ");
        List<EntryId> nobodys = new ArrayList<>();
        for (Entry entry : entries) {
            if (isNobodys(entry)) {
                nobodys.add(entry.id());
            } else {
                flush(nobodys, words);
                words.add(of(entry));
            }
        }
        flush(nobodys, words);
        return words.toString();
    }

    private static void flush(List<EntryId> nobodys, StringJoiner words) {
        if (!nobodys.isEmpty()) {
            words.add(ids(nobodys));
            nobodys.clear();
        }
    }

    private static boolean isNobodys(Entry entry) {
        return entry.payload() instanceof Payload.Proposed proposed
                && proposed.command().manifest().equals(NOBODYS);
    }

    /** Ids in runs of one term: {@code 4..6@2 7@3}. */
    static String ids(List<EntryId> ids) {
        List<String> runs = new ArrayList<>();
        int first = 0;
        for (int at = 1; at <= ids.size(); at++) {
            if (at == ids.size() || ids.get(at).term() != ids.get(first).term()) {
                String from = at - first == 1 ? "" : ids.get(first).index() + "..";
                runs.add(from + ids.get(at - 1));
                first = at;
            }
        }
        return String.join(" ", runs);
    }
}
