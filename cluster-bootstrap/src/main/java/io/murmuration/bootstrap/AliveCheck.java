package io.murmuration.bootstrap;

import io.murmuration.Murmuration;
import io.murmuration.persistence.MurmurationStorage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * Alive unless the journal has failed, or a group has ended for good. Never depends on who leads: a restart would not
 * help an election.
 *
 * @since 0.1.0
 */
public final class AliveCheck implements Supplier<CompletionStage<Boolean>> {
    private final ActorSystem system;

    /**
     * Made by Pekko Management.
     *
     * @param system the node's ActorSystem
     */
    public AliveCheck(ActorSystem system) {
        this.system = system;
    }

    @Override
    public CompletionStage<Boolean> get() {
        boolean groupsLive = Murmuration.get(Adapter.toTyped(system)).failed().isEmpty();
        return CompletableFuture.completedFuture(
                groupsLive && !MurmurationStorage.get(system).isFailed());
    }
}
