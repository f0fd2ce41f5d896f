package io.murmuration.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import io.murmuration.core.model.Encoded;
import io.murmuration.machine.Command;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands are decoded where their classes are there, and shown as they are where not. */
final class CommandReaderTest {
    private static final int CBOR = 7713;
    private static final int JACKSON_JSON = 31;

    private static final String INITIALIZED = "murmuration.test.initialized";

    @TempDir
    private Path folder;

    private final StringWriter notes = new StringWriter();

    record Put(String key, long value) implements Command<Long> {}

    record Bound(String name) implements Command<Long> {}

    record Mute(String key) implements Command<Long> {
        @Override
        public String toString() {
            throw new IllegalStateException("mute");
        }
    }

    /** Says when it is initialized. */
    static final class NoCommand {
        static {
            System.setProperty(INITIALIZED, "yes");
        }

        private NoCommand() {}
    }

    @AfterEach
    void clear() {
        System.clearProperty("config.file");
        ConfigFactory.invalidateCaches();
    }

    private void application(String text) throws IOException {
        System.setProperty(
                "config.file",
                Files.writeString(folder.resolve("application.conf"), text).toString());
    }

    private CommandReader.Shown read(Encoded command) {
        ConfigFactory.invalidateCaches();
        try (CommandReader reader = CommandReader.open(new PrintWriter(notes, true))) {
            return reader.read(command);
        }
    }

    private static byte[] cbor(Map<String, Object> components) throws Exception {
        return new CBORMapper().writeValueAsBytes(components);
    }

    @Test
    void decodesACommandWhoseClassIsThere() throws Exception {
        byte[] bytes = cbor(Map.of("key", "a", "value", 5));

        CommandReader.Shown shown = read(new Encoded(CBOR, Put.class.getName(), bytes));

        assertThat(shown.text()).isEqualTo("Put[key=a, value=5]");
        assertThat(shown.json().path("value").asLong()).isEqualTo(5);
        assertThat(shown.why()).isNull();
        assertThat(notes.toString()).isEmpty();
    }

    @Test
    void showsTheComponentsOfACommandWhoseClassIsNotThere() throws Exception {
        CommandReader.Shown shown = read(new Encoded(CBOR, "com.example.Gone$Put", cbor(Map.of("key", "a"))));

        assertThat(shown.text()).isNull();
        assertThat(shown.json().path("key").asText()).isEqualTo("a");
        assertThat(shown.why()).isEqualTo("The class com.example.Gone$Put is not on the class path.");
    }

    @Test
    void doesNotFailOnBytesThatNobodyCanRead() {
        CommandReader.Shown unknown = read(new Encoded(987_654, "x", new byte[] {1}));
        CommandReader.Shown unfit = read(new Encoded(CBOR, Put.class.getName(), new byte[] {(byte) 0xFF}));
        CommandReader.Shown empty = read(new Encoded(CBOR, Put.class.getName(), new byte[0]));

        assertThat(unknown.text()).isNull();
        assertThat(unknown.json()).isNull();
        assertThat(unknown.why()).contains("987654");
        assertThat(unfit.text()).isNull();
        assertThat(unfit.why()).contains("cannot be read");
        assertThat(empty.text()).isNull();
    }

    @Test
    void runsNothingOfAClassThatIsNoCommand() throws Exception {
        CommandReader.Shown shown = read(new Encoded(CBOR, NoCommand.class.getName(), cbor(Map.of())));

        assertThat(shown.text()).isNull();
        assertThat(shown.why()).contains("is no Command");
        assertThat(System.getProperty(INITIALIZED)).isNull();
    }

    @Test
    void goesOnWhenACommandCannotSayWhatItIs() throws Exception {
        CommandReader.Shown shown = read(new Encoded(CBOR, Mute.class.getName(), cbor(Map.of("key", "a"))));

        assertThat(shown.text()).isNull();
        assertThat(shown.json().path("key").asText()).isEqualTo("a");
        assertThat(shown.why()).contains("toString() fails", "mute");
    }

    @Test
    void decodesByTheSerializerThatTheConfigurationNames() throws Exception {
        application("pekko.actor.serialization-bindings { \"" + Bound.class.getName() + "\" = jackson-json }");

        CommandReader.Shown shown = read(
                new Encoded(JACKSON_JSON, Bound.class.getName(), "{\"name\":\"b\"}".getBytes(StandardCharsets.UTF_8)));

        assertThat(shown.text()).isEqualTo("Bound[name=b]");
        assertThat(shown.json()).hasToString("{\"name\":\"b\"}");
    }

    @Test
    void goesOnWithoutAConfigurationThatCannotBeUsed() throws Exception {
        application("pekko.actor.serializers.gone = \"com.example.GoneSerializer\"");

        CommandReader.Shown shown = read(new Encoded(CBOR, Put.class.getName(), cbor(Map.of("key", "a", "value", 5))));

        assertThat(notes.toString()).contains("GoneSerializer", "shown as bytes");
        assertThat(shown.text()).isEqualTo("Put[key=a, value=5]");
    }

    @Test
    void boundsWhatItShows() throws Exception {
        CommandReader.Shown shown =
                read(new Encoded(CBOR, Put.class.getName(), cbor(Map.of("key", "line\n".repeat(1000), "value", 5))));

        assertThat(shown.text()).hasSizeLessThan(600).doesNotContain("\n").endsWith("characters)");
        assertThat(CommandReader.hex(new byte[1000])).hasSizeLessThan(200).endsWith("(1000 bytes)");
        assertThat(CommandReader.hex(new byte[] {1, (byte) 0xAB})).isEqualTo("01ab");
    }
}
