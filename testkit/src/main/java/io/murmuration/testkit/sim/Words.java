package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Machine;
import io.murmuration.core.election.Election;
import io.murmuration.core.election.View;
import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.Payload;
import java.util.List;
import java.util.regex.Pattern;

/** Events in words: as short as can be read. */
final class Words {
    private static final Pattern UUID_TAIL = Pattern.compile("([0-9a-f]{4})[0-9a-f]{4}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern ENTRY_ID = Pattern.compile("EntryId\\[index=(-?\\d+), term=(-?\\d+)]");
    private static final Pattern ENTRY = Pattern.compile("Entry\\[id=([^,]+), timeMillis=\\d+, payload=");
    private static final Pattern ENCODED = Pattern.compile("Encoded\\[0 [\\w.$]*?([\\w]+) +\\d+ bytes]");

    private Words() {}

    static String of(Object message) {
        Object meant = message instanceof Message.Wire wire ? wire.body() : message;
        String words = meant.toString();
        words = UUID_TAIL.matcher(words).replaceAll("$1");
        words = ENTRY_ID.matcher(words).replaceAll("$1@$2");
        words = ENTRY.matcher(words).replaceAll("[$1 ");
        words = ENCODED.matcher(words).replaceAll("$1");
        int at = words.indexOf("$$Lambda");
        return at < 0 ? words : words.substring(0, at).replaceAll("reader=\\S*$", "reader]");
    }

    static String of(List<Entry> entries) {
        StringBuilder words = new StringBuilder();
        for (Entry entry : entries) {
            words.append(words.length() == 0 ? "" : " ").append(of(entry));
        }
        return words.toString();
    }

    static String of(Entry entry) {
        String what = "";
        if (entry.payload() instanceof Payload.Proposed proposed) {
            what = " serial " + proposed.session() + ":" + proposed.serial();
        } else if (!(entry.payload() instanceof Payload.NoOp)) {
            what = " " + entry.payload().getClass().getSimpleName();
        }
        return entry.id() + what;
    }

    /** One node, for the end of a report. */
    static String of(SimNode node, long now) {
        Election election = node.election();
        ReplicatedLog log = node.log();
        Machine<?> machine = node.machine();
        if (election == null || log == null || machine == null) {
            String why = !node.up()
                    ? "does not run"
                    : node.closed() ? "is stopped" : node.lost() ? "lost its disk" : node.obstacle();
            return node.name() + ": " + why;
        }
        View view = election.view(node.clock().nanos(now));
        return node.name() + ": " + view.role().word() + " of term " + view.term() + ", fence " + log.fence()
                + (log.leading() ? " (its Log leads)" : "") + ", log to " + log.last() + ", durable "
                + log.durable() + ", committed " + log.commit() + ", applied "
                + machine.applied().index()
                + (view.whyNoLeader() == null ? "" : ", no leader: " + view.whyNoLeader());
    }

    static String seconds(long nanos) {
        String micros = Long.toString(nanos / 1_000 % 1_000_000);
        return nanos / Mix.SECOND + "." + "0".repeat(6 - micros.length()) + micros;
    }
}
