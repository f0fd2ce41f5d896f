package io.murmuration.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.JSerializer;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** The configuration of an actor system over the plugins. */
final class PluginFixture {

    private PluginFixture() {}

    static Config config(Path dataFolder, String node) {
        String text = """
                murmuration.data-dir = "%s"
                murmuration.node = "%s"
                murmuration.journal.segment-bytes = 16 KiB
                pekko.loglevel = "OFF"
                pekko.test.single-expect-default = 15s
                pekko.stdout-loglevel = "OFF"
                pekko.persistence.journal.plugin = "murmuration.journal"
                pekko.persistence.snapshot-store.plugin = "murmuration.snapshot-store"
                pekko.actor.allow-java-serialization = off
                pekko.actor.serializers.ref = "%s"
                pekko.actor.serialization-bindings { "%s" = ref }
                pekko.actor.serializers.unreadable = "%s"
                pekko.actor.serialization-bindings { "%s" = unreadable }
                """.formatted(
                        dataFolder,
                        node,
                        RefSerializer.class.getName(),
                        Ref.class.getName(),
                        UnreadableSerializer.class.getName(),
                        Unreadable.class.getName());
        return ConfigFactory.parseString(text).withFallback(ConfigFactory.load());
    }

    /** An event that can be written and not read, as after a change of version. */
    record Unreadable() {}

    /** Throws on reading what Pekko's own serializers throw when they do not know a manifest. */
    static final class UnreadableSerializer extends SerializerWithStringManifest {

        @Override
        public int identifier() {
            return 424_243;
        }

        @Override
        public String manifest(Object object) {
            return "gone";
        }

        @Override
        public byte[] toBinary(Object object) {
            return new byte[] {1};
        }

        @Override
        public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
            throw new NotSerializableException("No class is known for the manifest " + manifest + ".");
        }
    }

    /** An event that can be read back only with the system's address at hand. */
    record Ref(ActorRef ref) {}

    /** Stores a reference by its path. */
    static final class RefSerializer extends JSerializer {

        private final ExtendedActorSystem system;

        RefSerializer(ExtendedActorSystem system) {
            this.system = system;
        }

        @Override
        public int identifier() {
            return 424_242;
        }

        @Override
        public boolean includeManifest() {
            return false;
        }

        @Override
        public byte[] toBinary(Object object) {
            return Serialization.serializedActorPath(((Ref) object).ref()).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object fromBinaryJava(byte[] bytes, Class<?> manifest) {
            return new Ref(system.provider().resolveActorRef(new String(bytes, StandardCharsets.UTF_8)));
        }
    }
}
