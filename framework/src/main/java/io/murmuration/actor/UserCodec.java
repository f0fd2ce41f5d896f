package io.murmuration.actor;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.murmuration.Group;
import io.murmuration.core.model.Blocks;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.EncodedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;

/**
 * Encodes the commands, queries, replies and states of one group. A class that Pekko's configuration binds to a
 * serializer is encoded by that one, all others by {@code murmuration-cbor}; Java serialization is never used. It takes
 * the types of its group only, in both directions: bytes cannot name a class to be loaded. Thread-safe.
 *
 * @since 0.1.0
 */
public final class UserCodec implements Codec {
    private final Serialization serialization;
    private final Bindings bindings;
    private final Map<Class<?>, CborSerializer.Form> byClass = new HashMap<>();
    private final Map<JavaType, CborSerializer.Form> byDeclaration = new HashMap<>();
    private final Map<String, CborSerializer.Form> byManifest = new HashMap<>();
    private final List<Class<?>> bound = new ArrayList<>();
    private final Set<Integer> serializers = new HashSet<>();
    private final Map<Class<?>, Encoder> encoders = new ConcurrentHashMap<>();

    /** How values of one class are encoded; found once. */
    @FunctionalInterface
    private interface Encoder {
        Encoded encode(Object value) throws Exception;

        /** A serializer of Pekko makes one array, whatever the size. */
        default EncodedState encodeState(Object state, long bytesMax) throws Exception {
            Encoded whole = encode(state);
            if (whole.bytes().length > bytesMax) {
                throw new Blocks.TooLargeException(bytesMax);
            }
            return new EncodedState(whole.serializer(), whole.manifest(), Blocks.of(whole.bytes()));
        }
    }

    private record CborEncoder(CborSerializer.Form form) implements Encoder {
        @Override
        public Encoded encode(Object value) throws IOException {
            return new Encoded(CborSerializer.IDENTIFIER, form.manifest(), form.write(value));
        }

        @Override
        public EncodedState encodeState(Object state, long bytesMax) throws IOException {
            BlocksOutput blocks = new BlocksOutput(bytesMax);
            form.write(state, blocks);
            return new EncodedState(CborSerializer.IDENTIFIER, form.manifest(), blocks.written());
        }
    }

    private final long replyShape;

    private UserCodec(Bindings bindings, CborSerializer cbor, GroupTypes types) {
        this.bindings = bindings;
        this.serialization = bindings.serialization();
        types.exact().keySet().forEach(type -> byClass.put(type.getRawClass(), cbor.form(type)));
        types.declared().keySet().forEach(type -> byDeclaration.put(type, cbor.form(type)));
        byClass.values().forEach(form -> byManifest.put(form.manifest(), form));
        byDeclaration.values().forEach(form -> byManifest.put(form.manifest(), form));
        for (JavaType type : types.bound().keySet()) {
            Serializer serializer = bindings.of(type.getRawClass());
            if (serializer != null) {
                bound.add(type.getRawClass());
                serializers.add(serializer.identifier());
            }
        }
        replyShape = new ReplyShape(cbor.mapper(), types).hash();
    }

    /**
     * The codec of a group that is being started. Checks that all its types can be encoded and decoded, so that this is
     * known now and not when the first message fails.
     *
     * @param system the ActorSystem, whose serialization is used
     * @param group the group
     * @return a codec for the group's commands, queries, replies and states
     * @throws IllegalArgumentException if a type cannot be encoded, with the group, the type, its component and what to
     *     do
     */
    public static Codec forGroup(ActorSystem<?> system, Group<?> group) {
        return checked(system, "The group \"" + group.name() + "\" cannot be started: ", (factory, bindings, cbor) -> {
            GroupTypes types = GroupTypes.of(group.machine(), factory, bindings);
            UserCodec codec = new UserCodec(bindings, cbor, types);
            TypeCheck check = new TypeCheck(group.name(), types, codec, cbor);
            check.run();
            check.initial(group.machine().initial());
            return codec;
        });
    }

    /**
     * The codec of a client on a node without a replica.
     *
     * @param system the ActorSystem, whose serialization is used
     * @param group the group's name
     * @param commands the classes of its commands
     * @param queries the classes of its queries
     * @return a codec for the group's commands and queries and their replies
     * @throws IllegalArgumentException as {@link #forGroup} throws it
     */
    static Codec forClient(
            ActorSystem<?> system, String group, Collection<Class<?>> commands, Collection<Class<?>> queries) {
        return checked(system, "No client of the group \"" + group + "\" can be made: ", (factory, bindings, cbor) -> {
            GroupTypes types = GroupTypes.ofClient(commands, queries, factory, bindings);
            UserCodec codec = new UserCodec(bindings, cbor, types);
            new TypeCheck(group, types, codec, cbor).run();
            return codec;
        });
    }

    /** Makes a codec and checks its types. */
    @FunctionalInterface
    private interface Making {
        UserCodec make(TypeFactory factory, Bindings bindings, CborSerializer cbor);
    }

    private static Codec checked(ActorSystem<?> system, String otherwise, Making making) {
        Bindings bindings = Bindings.of(system);
        CborSerializer cbor = CborSerializer.of(bindings.serialization());
        try {
            UserCodec codec = making.make(cbor.mapper().getTypeFactory(), bindings, cbor);
            cbor.allow(codec.byManifest.values());
            return codec;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(otherwise + e.getMessage(), e);
        }
    }

    @Override
    public Encoded encode(Object value) {
        try {
            return encoder(value).encode(value);
        } catch (CodecException e) {
            throw e;
        } catch (Exception e) {
            throw unencodable(value, e);
        }
    }

    @Override
    public EncodedState encodeState(Object state, long bytesMax) {
        try {
            return encoder(state).encodeState(state, bytesMax);
        } catch (CodecException e) {
            throw e;
        } catch (Exception e) {
            throw unencodable(state, e);
        }
    }

    @Override
    public Object decode(Encoded encoded) {
        try {
            return encoded.serializer() == CborSerializer.IDENTIFIER
                    ? formOf(encoded.manifest()).read(encoded.bytes())
                    : decodeBound(encoded);
        } catch (CodecException e) {
            throw e;
        } catch (Exception e) {
            throw undecodable(encoded.serializer(), encoded.manifest(), e);
        }
    }

    @Override
    public Object decodeState(EncodedState encoded) {
        try {
            return encoded.serializer() == CborSerializer.IDENTIFIER
                    ? formOf(encoded.manifest()).read(new BlocksInput(encoded.bytes()))
                    : Codec.super.decodeState(encoded);
        } catch (CodecException e) {
            throw e;
        } catch (Exception e) {
            throw undecodable(encoded.serializer(), encoded.manifest(), e);
        }
    }

    /** Only murmuration-cbor is asked: what a serializer of the user's own writes is taken as it is. */
    @Override
    public byte[] canonical(Object value, Encoded encoded) {
        CborSerializer.Form form =
                encoded.serializer() == CborSerializer.IDENTIFIER ? byManifest.get(encoded.manifest()) : null;
        if (form == null) {
            return encoded.bytes();
        }
        try {
            return form.canonical(value, encoded.bytes());
        } catch (IOException e) {
            throw new CodecException(
                    "A " + value.getClass().getName() + " cannot be brought into its canonical form: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public long replyShape() {
        return replyShape;
    }

    private Encoder encoder(Object value) {
        return encoders.computeIfAbsent(SealedTypes.classOf(value), this::encoderOf);
    }

    private CborSerializer.Form formOf(String manifest) {
        CborSerializer.Form form = byManifest.get(manifest);
        if (form == null) {
            throw new CodecException(
                    "The type " + manifest
                            + " is none of the commands, replies and states of this group, so it"
                            + " is not decoded. If it was one of an earlier version, keep its record and its fold.",
                    null);
        }
        return form;
    }

    private Object decodeBound(Encoded encoded) {
        if (!serializers.contains(encoded.serializer())) {
            throw new CodecException(
                    "No command, reply or state of this group is bound to the serializer " + encoded.serializer()
                            + " (manifest \"" + encoded.manifest() + "\"), so it is not asked. All nodes need the same"
                            + " pekko.actor.serialization-bindings.",
                    null);
        }
        Object value = serialization
                .deserialize(encoded.bytes(), encoded.serializer(), encoded.manifest())
                .get();
        if (bound.stream().noneMatch(type -> type.isInstance(value))) {
            throw unknown(SealedTypes.classOf(value));
        }
        return value;
    }

    private Encoder encoderOf(Class<?> type) {
        CborSerializer.Form exact = byClass.get(type);
        if (exact != null) {
            return new CborEncoder(exact);
        }
        if (bound.stream().anyMatch(each -> each.isAssignableFrom(type))) {
            Serializer serializer = bindings.of(type);
            if (serializer != null && serializers.contains(serializer.identifier())) {
                return value -> new Encoded(
                        serializer.identifier(),
                        Serializers.manifestFor(serializer, value),
                        serializer.toBinary(value));
            }
        }
        List<CborSerializer.Form> declared = byDeclaration.entrySet().stream()
                .filter(each -> each.getKey().getRawClass().isAssignableFrom(type))
                .map(Map.Entry::getValue)
                .toList();
        if (declared.size() > 1) {
            throw new CodecException(
                    type.getName() + " is both a " + declared.get(0).manifest() + " and a "
                            + declared.get(1).manifest()
                            + ", so it is not known as which to encode it. Wrap it in a record.",
                    null);
        }
        if (declared.isEmpty()) {
            throw unknown(type);
        }
        return new CborEncoder(declared.get(0));
    }

    private static CodecException unencodable(Object value, Exception cause) {
        return new CodecException(
                "A " + value.getClass().getName() + " cannot be encoded: " + cause.getMessage(), cause);
    }

    private static CodecException undecodable(int serializer, String manifest, Exception cause) {
        return new CodecException(
                "Bytes of serializer " + serializer + " and manifest \"" + manifest + "\" cannot be decoded: "
                        + cause.getMessage(),
                cause);
    }

    private static CodecException unknown(Class<?> type) {
        return new CodecException(
                type.getName()
                        + " is none of the commands, replies and states of this group. Give it a fold, or declare"
                        + " it as the R of a Command<R>.",
                null);
    }
}
