package io.murmuration.testkit.sim;

import io.murmuration.core.model.Order;
import io.murmuration.machine.Command;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a script has asked for: each call has a caller of its own, who is known by the call's number. Mutable. */
final class ScenarioCalls implements Calls {
    private final List<SimCall> history = new ArrayList<>();
    private long floor;

    SimCall next(SimNode node, @Nullable Command<?> command, boolean local, long patience) {
        int number = history.size() + 1;
        SimCall call = new SimCall(
                number, number, node.name(), command, local, node.world().now(), patience, floor);
        history.add(call);
        return call;
    }

    SimCall order(SimNode node, Order order, long patience) {
        SimCall call =
                new SimCall(history.size() + 1, node.name(), order, node.world().now(), patience);
        history.add(call);
        return call;
    }

    @Override
    public List<SimCall> history() {
        return history;
    }

    @Override
    public void ended(SimCall call) {
        if (call.status == SimCall.Status.OK && !call.local) {
            floor = Math.max(floor, call.index);
        }
    }
}
