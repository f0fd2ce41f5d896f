package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc.Control;
import io.murmuration.core.model.ClientRpc.Ruled;
import io.murmuration.core.model.Ruling;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Mutable, bounded. Who waits for the change that is under way, and what was ruled lately. A repeat that was on its way
 * when its order was ruled on is answered the same: it must not start the change again behind its operator's back.
 */
final class Askers {
    /** Beyond it the oldest is forgotten: it asks again. */
    static final int ASKERS_MAX = 64;

    private final LogState state;
    private final Map<Key, String> waiting = bounded();
    private final Map<Key, Ruling> ruled = bounded();

    private record Key(UUID life, long id) {
        static Key of(Control message) {
            return new Key(message.life(), message.id());
        }
    }

    Askers(LogState state) {
        this.state = state;
    }

    /** What this very order was answered when it was ruled on, or null. */
    @Nullable
    Ruling before(Control message) {
        return ruled.get(Key.of(message));
    }

    /** This order waits for the end of the change. */
    void add(String node, Control message) {
        waiting.put(Key.of(message), node);
    }

    void answer(String node, Control message, Ruling ruling) {
        if (!(ruling instanceof Ruling.Underway)) {
            waiting.remove(Key.of(message));
            ruled.put(Key.of(message), ruling);
        }
        state.emit(new Effect.Answer(node, new Ruled(message.life(), message.id(), ruling)));
    }

    /** The change has ended: all who waited for it are told. */
    void answerAll(Ruling ruling) {
        waiting.forEach((key, node) -> {
            ruled.put(key, ruling);
            state.emit(new Effect.Answer(node, new Ruled(key.life(), key.id(), ruling)));
        });
        waiting.clear();
    }

    private static <V> Map<Key, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, V> eldest) {
                return size() > ASKERS_MAX;
            }
        };
    }
}
