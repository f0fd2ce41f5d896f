package io.murmuration.actor;

import io.murmuration.core.model.Codec.CodecException;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.machine.Command;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * Reads what replicas have stored where no group runs: for tools that look into a journal. A replica never uses it, for
 * here bytes may name a class to be loaded, if it is a {@link Command}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class StoredForms {
    private static final RecordSerializer RECORDS = new RecordSerializer();

    private final Serialization serialization;
    private final CborSerializer cbor;
    private final ClassLoader loader;
    private final Map<String, CborSerializer.Form> forms = new ConcurrentHashMap<>();

    /**
     * What a stored snapshot begins with.
     *
     * @param group the id of its group
     * @param last the last entry that it includes
     * @param members the members in force there
     */
    public record SnapshotHead(UUID group, EntryId last, Members members) {}

    private StoredForms(Serialization serialization, CborSerializer cbor, ClassLoader loader) {
        this.serialization = serialization;
        this.cbor = cbor;
        this.loader = loader;
    }

    /**
     * Reads commands by the serialization of an ActorSystem, which need not do anything else.
     *
     * @param system the system
     * @return a reader of commands
     */
    public static StoredForms of(ClassicActorSystemProvider system) {
        ActorSystem classic = system.classicSystem();
        Serialization serialization = SerializationExtension.get(classic);
        return new StoredForms(
                serialization,
                CborSerializer.of(serialization),
                ((ExtendedActorSystem) classic).dynamicAccess().classLoader());
    }

    /**
     * Reads a record of a replica's journal. Needs no ActorSystem.
     *
     * @param serializer the identifier of the serializer that wrote it
     * @param manifest its manifest
     * @param bytes its bytes
     * @return the record
     * @throws CodecException if it is none, or of another version
     */
    public static StoreRecord record(int serializer, String manifest, byte[] bytes) {
        if (serializer != RecordSerializer.IDENTIFIER) {
            throw new CodecException(
                    "Bytes of the serializer " + serializer + " are no record of a replica; those have "
                            + RecordSerializer.IDENTIFIER + ".",
                    null);
        }
        try {
            return (StoreRecord) RECORDS.fromBinary(bytes, manifest);
        } catch (NotSerializableException e) {
            throw new CodecException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Reads the beginning of a stored snapshot. Needs no ActorSystem.
     *
     * @param beginning its first bytes; some hundred for each member are enough
     * @return what it begins with
     * @throws CodecException if it is no snapshot of a replica, or of another version
     */
    public static SnapshotHead snapshotHead(ByteBuffer beginning) {
        try {
            return SnapshotFormat.head(new In(beginning.duplicate()));
        } catch (MalformedException | IllegalArgumentException e) {
            throw new CodecException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Says whether a command was written by {@code murmuration-cbor}, so that its bytes can be read as CBOR without its
     * class.
     *
     * @param command the command
     * @return whether it is plain CBOR
     */
    public static boolean isCbor(Encoded command) {
        return command.serializer() == CborSerializer.IDENTIFIER;
    }

    /**
     * Reads a command. Its class must be there, and so must the serializer if the configuration names one for it.
     *
     * @param command the command as it is stored
     * @return the command
     * @throws CodecException if it cannot be read here, with the reason
     */
    public Object command(Encoded command) {
        try {
            return isCbor(command)
                    ? formOf(command.manifest()).read(command.bytes())
                    : serialization
                            .deserialize(command.bytes(), command.serializer(), command.manifest())
                            .get();
        } catch (CodecException e) {
            throw e;
        } catch (ClassNotFoundException e) {
            throw new CodecException("The class " + command.manifest() + " is not on the class path.", e);
        } catch (Exception | LinkageError e) {
            throw new CodecException(
                    "Bytes of serializer " + command.serializer() + " and manifest \"" + command.manifest()
                            + "\" cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private CborSerializer.Form formOf(String manifest) throws ClassNotFoundException {
        CborSerializer.Form form = forms.get(manifest);
        if (form == null) {
            form = cbor.form(cbor.mapper().getTypeFactory().constructType(classOf(manifest)));
            forms.put(manifest, form);
        }
        return form;
    }

    /** Nothing of the class runs before it is known to be a command. */
    private Class<?> classOf(String manifest) throws ClassNotFoundException {
        Class<?> type = Class.forName(manifest, false, loader);
        if (!Command.class.isAssignableFrom(type)) {
            throw new CodecException(manifest + " is no Command, so it is not read.", null);
        }
        return type;
    }
}
