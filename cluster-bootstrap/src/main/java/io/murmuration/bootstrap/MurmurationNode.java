package io.murmuration.bootstrap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.murmuration.Group;
import io.murmuration.GroupClient;
import io.murmuration.GroupSettings;
import io.murmuration.Murmuration;
import io.murmuration.Replica;
import io.murmuration.persistence.MurmurationStorage;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node as a process: an ActorSystem named {@code murmuration} whose storage is open, which joins its cluster, serves
 * its health, and leaves in order on SIGTERM, within 10 s also when another node is unreachable. It serves its groups
 * whether or not it could join. Once its journal has failed, nothing that it says could be trusted any more: it ends
 * the JVM with exit code 3. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MurmurationNode {
    /** The exit code of a process that could not start, or whose ActorSystem ended by itself. */
    public static final int FAILED = 1;

    /** The exit code of a process whose journal has failed: start it again. */
    public static final int JOURNAL_FAILED = 3;

    /** The name of the ActorSystem, part of every node's address. */
    static final String SYSTEM = "murmuration";

    private static final Logger LOG = LoggerFactory.getLogger(MurmurationNode.class);
    /** How long a node that could not start may take to let go of its ports and its folder. */
    private static final long ABANDON_SECONDS = 10;

    private final ActorSystem<SpawnProtocol.Command> system;
    private volatile boolean stopping;

    private MurmurationNode(ActorSystem<SpawnProtocol.Command> system) {
        this.system = system;
    }

    /**
     * The whole main method of a node: loads its configuration, starts it, and hands it to the application. If it
     * cannot start, one sentence goes to the standard error and the JVM exits with code 1.
     *
     * @param options the process's options, see {@link NodeConfig#load}
     * @param application starts groups and servers on the node; what it throws ends the JVM likewise
     */
    public static void run(String[] options, Consumer<MurmurationNode> application) {
        try {
            application.accept(start(NodeConfig.load(options)));
        } catch (NodeStartException refused) {
            System.err.println(refused.getMessage());
            Runtime.getRuntime().exit(FAILED);
        } catch (RuntimeException | Error failure) {
            LOG.error("The application on this node cannot start; the process ends.", failure);
            System.err.println("The application on this node cannot start: " + sentence(failure));
            Runtime.getRuntime().exit(FAILED);
        }
    }

    /**
     * Starts a node. Blocks until the data folder is open and the journal is read, not until a cluster has formed.
     *
     * @param config the complete configuration, see {@link NodeConfig#load}
     * @return the running node
     * @throws NodeStartException if it cannot start: a port in use, a folder that cannot be used, a setting that does
     *     not fit; the message is one sentence for the operator, and nothing is left behind
     */
    public static MurmurationNode start(Config config) {
        boolean management;
        try {
            GroupSettings settings = GroupSettings.from(config);
            management = config.getBoolean("murmuration.bootstrap.management");
            LOG.info("[{}] node starts members={}", settings.node(), settings.founders());
            Ports.requireFree(config, management);
        } catch (ConfigException | IllegalArgumentException wrong) {
            throw refused(wrong);
        }
        MurmurationNode node = new MurmurationNode(create(config));
        try {
            node.openStorage(config);
            if (management) {
                PekkoManagement.get(node.system.classicSystem())
                        .start()
                        .toCompletableFuture()
                        .join();
            }
        } catch (RuntimeException failure) {
            node.abandon();
            throw refused(failure);
        }
        ExitDeadline.install();
        node.endWithItsSystem();
        return node;
    }

    /**
     * The ActorSystem, for actors and servers of the application. To end it, {@link #stop} the node: if it terminates
     * in any other way, the JVM exits.
     *
     * @return the running system
     */
    public ActorSystem<SpawnProtocol.Command> system() {
        return system;
    }

    /**
     * Starts this node's replica of a group.
     *
     * @param group the group
     * @param <S> the type of the state
     * @return the replica
     * @throws IllegalArgumentException if the machine's types cannot be encoded
     * @throws IllegalStateException if the group was already started on this node
     * @see Murmuration#start
     */
    public <S> Replica<S> start(Group<S> group) {
        return Murmuration.get(system).start(group);
    }

    /**
     * The way to a group that runs on other nodes. A node that only has clients needs no folder:
     * {@code murmuration.bootstrap.storage = off}.
     *
     * @param group the group's name
     * @param commands the sealed interface of all its commands
     * @param queries the sealed interface of all its queries
     * @return the client
     * @throws IllegalArgumentException if the types cannot be encoded
     * @throws IllegalStateException if this node has a client of that group for other types
     * @see Murmuration#client(String, Class, Class)
     */
    public GroupClient client(String group, Class<?> commands, Class<?> queries) {
        return Murmuration.get(system).client(group, commands, queries);
    }

    /**
     * Ends the node in order, as SIGTERM does: groups stop, writes in flight are settled, the cluster is left. The JVM
     * goes on.
     *
     * @return completed when the ActorSystem has ended
     */
    public CompletionStage<Done> stop() {
        stopping = true;
        return CoordinatedShutdown.get(system)
                .runAll(CoordinatedShutdown.actorSystemTerminateReason())
                .thenCompose(done -> system.getWhenTerminated());
    }

    private static ActorSystem<SpawnProtocol.Command> create(Config config) {
        try {
            return ActorSystem.create(SpawnProtocol.create(), SYSTEM, config);
        } catch (RuntimeException failure) {
            throw refused(failure);
        }
    }

    private void openStorage(Config config) {
        if (!config.getBoolean("murmuration.bootstrap.storage")
                || !config.getString("murmuration.journal-plugin").equals("murmuration.journal")) {
            return;
        }
        MurmurationStorage storage = MurmurationStorage.get(system);
        storage.open();
        storage.failed().whenComplete((cause, none) -> {
            LOG.error(
                    "The journal of this node has failed ({}); the process ends with exit code {} and must be started"
                            + " again.",
                    cause.getMessage(),
                    JOURNAL_FAILED);
            // Not an orderly shutdown: a node that no longer knows what is durable must not answer anything.
            Runtime.getRuntime().halt(JOURNAL_FAILED);
        });
    }

    /**
     * Remoting that has failed for good terminates the ActorSystem; a JVM that lived on would be a node in name only.
     */
    private void endWithItsSystem() {
        system.getWhenTerminated().whenComplete((done, failure) -> {
            boolean byJvm = CoordinatedShutdown.get(system)
                    .getShutdownReason()
                    .filter(reason -> reason == CoordinatedShutdown.jvmExitReason())
                    .isPresent();
            if (!stopping && !byJvm) {
                LOG.error(
                        "The ActorSystem of this node has ended by itself; the process ends with exit code {}.",
                        FAILED);
                Runtime.getRuntime().exit(FAILED);
            }
        });
    }

    /** Waits, so that whoever tries again finds the ports and the folder free. */
    private void abandon() {
        stopping = true;
        system.terminate();
        try {
            Done done = system.getWhenTerminated().toCompletableFuture().get(ABANDON_SECONDS, TimeUnit.SECONDS);
            LOG.debug("The ActorSystem of the node that could not start has ended ({}).", done);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The ActorSystem of the node that could not start does not end ({}).", e.toString());
        }
    }

    private static NodeStartException refused(RuntimeException failure) {
        return failure instanceof NodeStartException refused
                ? refused
                : new NodeStartException("The node cannot start: " + sentence(failure), failure);
    }

    private static String sentence(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause.getMessage() == null) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    }
}
