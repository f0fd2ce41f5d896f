package io.murmuration.core.election;

import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.NodeRpc.Beat;
import io.murmuration.core.model.NodeRpc.Beats;
import io.murmuration.core.model.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the groups of one node have to say to other nodes and may say together: what comes at one time for one node
 * leaves in one message. Mutable, for one thread. It waits for no clock: whoever carries it looks into its mailbox as
 * long as more comes, but not for ever.
 */
public final class Heartbeats {
    /** So many beats in a message: with names of 64 letters it stays below Artery's frame of 256 KiB. */
    public static final int BEATS_MAX = 1_000;
    /** So often it looks for more before it sends, if some came since it last looked. */
    private static final int LOOKS_MAX = 8;

    private final TreeMap<String, List<Beat>> waiting = new TreeMap<>();
    private boolean looking;
    private int looks;
    private boolean more;

    /** Nothing waits yet. */
    public Heartbeats() {}

    /**
     * One message for another node.
     *
     * @param node the other node
     * @param beats at most {@link #BEATS_MAX}
     */
    public record Parcel(String node, Beats beats) {}

    /**
     * One group's part of a message that has come.
     *
     * @param name the group's name, by which it is found on this node
     * @param group the group's id, by which it is known
     * @param from the sender in that group
     * @param message a heartbeat, or the answer to one
     */
    public record Arrived(String name, UUID group, Peer from, ElectionRpc message) {}

    /**
     * A group of this node has something to say.
     *
     * @param node to whom
     * @param beat what
     * @return whether a look is to begin: {@link #looked} is to be called when the mailbox has been seen
     */
    public boolean post(String node, Beat beat) {
        waiting.computeIfAbsent(node, any -> new ArrayList<>()).add(beat);
        more = true;
        if (looking) {
            return false;
        }
        looking = true;
        looks = 0;
        more = false;
        return true;
    }

    /**
     * All that was in the mailbox when the look began has been seen.
     *
     * @return whether to look again; if not, {@link #take} what is to be sent now
     */
    public boolean looked() {
        looks++;
        looking = more && looks < LOOKS_MAX;
        more = false;
        return looking;
    }

    /**
     * Takes all that waits.
     *
     * @return the messages, node by node
     */
    public List<Parcel> take() {
        List<Parcel> parcels = new ArrayList<>();
        waiting.forEach((node, beats) -> {
            for (int from = 0; from < beats.size(); from += BEATS_MAX) {
                parcels.add(new Parcel(node, new Beats(beats.subList(from, Math.min(beats.size(), from + BEATS_MAX)))));
            }
        });
        waiting.clear();
        return parcels;
    }

    /**
     * Takes a message apart.
     *
     * @param node the node that sent it
     * @param beats what it holds
     * @return what each group is to be told, in the order in which it was said
     */
    public static List<Arrived> arrived(String node, Beats beats) {
        List<Arrived> arrived = new ArrayList<>();
        for (Beat beat : beats.beats()) {
            arrived.add(new Arrived(beat.name(), beat.group(), new Peer(node, beat.incarnation()), beat.message()));
        }
        return arrived;
    }
}
