package io.murmuration.actor;

import com.typesafe.config.Config;
import java.util.List;

/** How much of a snapshot, or of a reply, fits into one message between nodes. */
final class ChunkSize {
    /** On Artery's stream for large messages. With its header an array of that size has no more than 1 MiB. */
    static final int LARGE = (1 << 20) - 64;
    /** On the ordinary stream, whose frame has 256 KiB. */
    static final int ORDINARY = 128 << 10;

    private static final String DESTINATIONS = "pekko.remote.artery.large-message-destinations";
    private static final String LARGE_FRAME = "pekko.remote.artery.advanced.maximum-large-frame-size";
    private static final String FRAME = "pekko.remote.artery.advanced.maximum-frame-size";

    private ChunkSize() {}

    /**
     * The size for a group. Never more than half of the frame: a message that exceeds it vanishes without a word.
     *
     * @param config the whole configuration of the ActorSystem
     * @param group the group's name
     * @return bytes
     */
    static int of(Config config, String group) {
        String path = "/system/murmuration/" + group + "/snapshots";
        boolean large = config.hasPath(DESTINATIONS)
                && config.getStringList(DESTINATIONS).stream().anyMatch(pattern -> matches(pattern, path));
        return large ? within(config, LARGE_FRAME, LARGE) : within(config, FRAME, ORDINARY);
    }

    /**
     * The largest value that travels in one message on the ordinary stream.
     *
     * @param config the whole configuration of the ActorSystem
     * @return bytes
     */
    static int ordinary(Config config) {
        return within(config, FRAME, ORDINARY);
    }

    private static int within(Config config, String frame, int size) {
        return config.hasPath(frame) ? (int) Math.max(1, Math.min(size, config.getBytes(frame) / 2)) : size;
    }

    /** As Artery reads it: {@code *} stands for one part of the path. */
    private static boolean matches(String pattern, String path) {
        List<String> wanted = List.of(pattern.split("/", -1));
        List<String> parts = List.of(path.split("/", -1));
        if (wanted.size() != parts.size()) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!wanted.get(i).equals("*") && !wanted.get(i).equals(parts.get(i))) {
                return false;
            }
        }
        return true;
    }
}
