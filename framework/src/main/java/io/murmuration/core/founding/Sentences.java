package io.murmuration.core.founding;

import io.murmuration.core.model.Peer;
import java.util.List;
import java.util.UUID;

/** What an operator is told of a node that does not belong to its group, each time with the way out. */
final class Sentences {
    private Sentences() {}

    static String notFounded(String node, List<String> others) {
        return "The group is not founded yet as far as " + node + " knows; it asks " + String.join(", ", others) + ".";
    }

    static String founding(List<String> missing) {
        return missing.isEmpty()
                ? "The group is being founded."
                : "The group cannot be founded before every founding member has said that it is empty;"
                        + " still missing: " + String.join(", ", missing)
                        + ". Start them, or correct murmuration.members.";
    }

    static String notAdded(String node) {
        return "The group exists without " + node + "; it waits to be added.";
    }

    static String lostDisk(Peer old, Peer self) {
        String node = self.node();
        return "The group knows " + old + ", but this disk belongs to " + self + ": the disk of " + node
                + " was lost or replaced, or another process uses the name " + node + ". It never votes under"
                + " its old identity, and the group goes on without it while a majority of the others runs."
                + " Start " + node + " with its own data folder as it last was, never with an older copy,"
                + " which would have forgotten votes and acknowledgements; or order members().replace(\"" + node
                + "\"), and this disk takes the place of the lost one.";
    }

    static String anotherGroup(String node, UUID own, UUID other) {
        return "Another group of this name exists: " + other + ", while " + node + " belongs to " + own
                + ". Compare murmuration.members on all nodes.";
    }

    static String stranger(Peer known, Peer from) {
        String node = from.node();
        return "The group knows " + known + ", but " + from + " asks to take part: the disk of " + node
                + " was lost or replaced, or two processes use the name " + node + ". It is not let in under that name"
                + " unless members().replace(\"" + node + "\") is ordered.";
    }
}
