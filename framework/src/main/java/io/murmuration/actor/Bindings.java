package io.murmuration.actor;

import io.murmuration.core.model.Codec.CodecException;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.DisabledJavaSerializer;
import org.apache.pekko.serialization.JavaSerializer;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Which classes somebody has bound to a Pekko serializer. Pekko's own binding of {@code java.io.Serializable} to Java
 * serialization does not count: many records, enums and collections are serializable by accident. Thread-safe.
 */
final class Bindings {
    private final Serialization serialization;
    private final List<Class<?>> bound;

    private Bindings(Serialization serialization, List<Class<?>> bound) {
        this.serialization = serialization;
        this.bound = bound;
    }

    /**
     * Those of an ActorSystem.
     *
     * @param system the system
     * @return its bindings
     */
    static Bindings of(ActorSystem<?> system) {
        Serialization serialization = SerializationExtension.get(system);
        ClassLoader loader =
                ((ExtendedActorSystem) system.classicSystem()).dynamicAccess().classLoader();
        List<Class<?>> bound = new ArrayList<>();
        CollectionConverters.asJava(serialization.settings().SerializationBindings())
                .forEach((name, alias) -> {
                    if (!alias.equals("none") && !name.equals("java.io.Serializable")) {
                        try {
                            bound.add(Class.forName(name, false, loader));
                        } catch (ClassNotFoundException optional) {
                            // Pekko, too, passes over the bindings of libraries that are not there; others have failed
                            // by now.
                        }
                    }
                });
        return new Bindings(serialization, List.copyOf(bound));
    }

    Serialization serialization() {
        return serialization;
    }

    /**
     * Who was asked to encode values of a class.
     *
     * @param type the class
     * @return the serializer that the configuration names, or null if it names none or {@code murmuration-cbor}
     * @throws CodecException if the configuration names Java serialization
     */
    @Nullable
    Serializer of(Class<?> type) {
        if (bound.stream().noneMatch(each -> each.isAssignableFrom(type))) {
            return null;
        }
        Serializer serializer;
        try {
            serializer = serialization.serializerFor(type);
        } catch (NotSerializableException e) {
            return null;
        }
        if (serializer instanceof JavaSerializer || serializer instanceof DisabledJavaSerializer) {
            throw new CodecException(
                    type.getName() + " is bound to Java serialization, which is never used: it is slow, and unsafe to"
                            + " read. Remove the binding, and murmuration-cbor takes the class.",
                    null);
        }
        return serializer instanceof CborSerializer ? null : serializer;
    }
}
