package io.murmuration.core.snapshot;

import java.util.ArrayList;
import java.util.List;

/** Mutable. The effects of one message, in their order. */
final class Outbox {
    private List<Effect> effects = new ArrayList<>();

    void emit(Effect effect) {
        effects.add(effect);
    }

    void warn(String what) {
        emit(new Effect.Warn(what));
    }

    List<Effect> take() {
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }
}
