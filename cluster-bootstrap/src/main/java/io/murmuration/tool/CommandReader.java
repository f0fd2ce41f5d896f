package io.murmuration.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.murmuration.actor.StoredForms;
import io.murmuration.core.model.Codec.CodecException;
import io.murmuration.core.model.Encoded;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.jackson.JacksonSerializer;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;

/**
 * Decodes users' commands by the Pekko serialization that their {@code application.conf} on the class path sets up, in
 * an ActorSystem that does nothing else. What cannot be decoded here is no error.
 */
final class CommandReader implements AutoCloseable {
    private static final int HEX_BYTES_MAX = 64;
    private static final int TEXT_CHARACTERS_MAX = 500;

    /**
     * It only serializes: no remoting, no cluster, no extension, no log, and no thread that keeps the process alive.
     */
    private static final String QUIET = """
            pekko {
              actor.provider = local
              actor.allow-java-serialization = off
              extensions = []
              library-extensions = []
              loglevel = OFF
              stdout-loglevel = OFF
              log-config-on-start = off
              loggers = ["org.apache.pekko.event.Logging$DefaultLogger"]
              logging-filter = "org.apache.pekko.event.DefaultLoggingFilter"
              daemonic = on
              jvm-shutdown-hooks = off
              coordinated-shutdown.run-by-jvm-shutdown-hook = off
            }
            """;

    private final ActorSystem system;
    private final StoredForms forms;
    private final CBORMapper cbor = new CBORMapper();

    /**
     * A command as it can be shown.
     *
     * @param text what its class says of it, or null if it cannot be decoded here
     * @param json its components, or null if its serializer does not go by Jackson
     * @param why why it cannot be decoded, or null
     */
    record Shown(
            @Nullable String text,
            @Nullable JsonNode json,
            @Nullable String why) {}

    private CommandReader(ActorSystem system, StoredForms forms) {
        this.system = system;
        this.forms = forms;
    }

    /** Starts serialization; with what the libraries say alone, and a note, if the application's own cannot be used. */
    static CommandReader open(PrintWriter notes) {
        try {
            return started(ConfigFactory.load());
        } catch (Exception | LinkageError e) {
            // Scala throws what it does not declare: a class that is missing, for example.
            notes.println("The application's configuration cannot be used here (" + e.getMessage()
                    + "), so commands of its own serializers are shown as bytes.");
            return started(ConfigFactory.defaultReference());
        }
    }

    private static CommandReader started(Config config) {
        ActorSystem system = ActorSystem.create(
                "murmuration-tool",
                ConfigFactory.parseString(QUIET).withFallback(config).resolve());
        try {
            return new CommandReader(system, StoredForms.of(system));
        } catch (Exception | LinkageError e) {
            end(system);
            throw e;
        }
    }

    Shown read(Encoded command) {
        JsonNode json = StoredForms.isCbor(command) ? tree(command) : null;
        try {
            Object decoded = forms.command(command);
            return new Shown(bounded(String.valueOf(decoded)), json == null ? tree(command, decoded) : json, null);
        } catch (CodecException e) {
            return new Shown(null, json, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            return new Shown(null, json, "Its toString() fails: " + e);
        }
    }

    /** The bytes, as many of them as fit into a line. */
    static String hex(byte[] bytes) {
        int shown = Math.min(HEX_BYTES_MAX, bytes.length);
        String more = bytes.length > shown ? "... (" + bytes.length + " bytes)" : "";
        return HexFormat.of().formatHex(bytes, 0, shown) + more;
    }

    private static String bounded(String text) {
        String line = text.replace('\n', ' ').replace('\r', ' ');
        return line.length() <= TEXT_CHARACTERS_MAX
                ? line
                : line.substring(0, TEXT_CHARACTERS_MAX) + "... (" + line.length() + " characters)";
    }

    private @Nullable JsonNode tree(Encoded command) {
        try {
            return cbor.readTree(command.bytes());
        } catch (IOException e) {
            return null;
        }
    }

    /** By the mapper that has read it. */
    private @Nullable JsonNode tree(Encoded command, Object decoded) {
        Option<Serializer> serializer =
                SerializationExtension.get(system).serializerByIdentity().get(command.serializer());
        if (serializer.isEmpty() || !(serializer.get() instanceof JacksonSerializer jackson)) {
            return null;
        }
        try {
            ObjectMapper mapper = jackson.objectMapper();
            return new ObjectMapper().readTree(mapper.valueToTree(decoded).toString());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public void close() {
        end(system);
    }

    private static void end(ActorSystem system) {
        system.terminate();
        try {
            Await.ready(system.whenTerminated(), Duration.create(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // Its threads are daemons, and keep nobody.
        }
    }
}
