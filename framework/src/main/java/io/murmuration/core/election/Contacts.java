package io.murmuration.core.election;

import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import java.util.TreeMap;

/** When each member's Election was last heard, whatever it said. Mutable. Only words for operators depend on it. */
final class Contacts {
    private final TreeMap<Peer, Long> heard = new TreeMap<>();

    /** These are the members now; somebody new counts as heard at this moment. */
    void meet(Members members, long now) {
        heard.keySet().removeIf(peer -> members.everyone().noneMatch(peer::equals));
        members.everyone().forEach(peer -> heard.putIfAbsent(peer, now));
    }

    void heard(Peer peer, long now) {
        heard.computeIfPresent(peer, (known, before) -> now);
    }

    /** Nanoseconds since a member was heard. */
    long silence(Peer peer, long now) {
        Long at = heard.get(peer);
        return at == null ? 0 : now - at;
    }
}
