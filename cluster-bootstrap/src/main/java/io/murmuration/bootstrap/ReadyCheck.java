package io.murmuration.bootstrap;

import io.murmuration.Murmuration;
import io.murmuration.Replica;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * Ready while every group that runs on this node knows a leader.
 *
 * @since 0.1.0
 */
public final class ReadyCheck implements Supplier<CompletionStage<Boolean>> {
    private final ActorSystem system;

    /**
     * Made by Pekko Management.
     *
     * @param system the node's ActorSystem
     */
    public ReadyCheck(ActorSystem system) {
        this.system = system;
    }

    @Override
    public CompletionStage<Boolean> get() {
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (Replica<?> replica :
                List.copyOf(Murmuration.get(Adapter.toTyped(system)).replicas())) {
            all = all.thenCombine(replica.status(), (ready, status) -> ready && status.leader() != null);
        }
        return all;
    }
}
