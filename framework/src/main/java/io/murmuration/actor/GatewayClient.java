package io.murmuration.actor;

import io.murmuration.GroupClient;
import io.murmuration.GroupSettings;
import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The face of a {@link Gateway} on a node without a replica. Thread-safe. */
final class GatewayClient implements GroupClient {
    private final String group;
    private final Asker asker;
    private final GroupSettings settings;

    GatewayClient(String group, Asker asker, GroupSettings settings) {
        this.group = group;
        this.asker = asker;
        this.settings = settings;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public <R> CompletionStage<R> ask(Command<R> command) {
        return ask(command, settings.askTimeout());
    }

    @Override
    public <R> CompletionStage<R> ask(Command<R> command, Duration timeout) {
        return asker.ask(command, timeout);
    }

    @Override
    public <R> CompletionStage<R> query(Query<R> query) {
        return query(query, settings.askTimeout());
    }

    @Override
    public <R> CompletionStage<R> query(Query<R> query, Duration timeout) {
        return asker.query(query, timeout);
    }
}
