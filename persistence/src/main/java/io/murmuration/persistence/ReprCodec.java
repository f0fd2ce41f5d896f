package io.murmuration.persistence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.jspecify.annotations.Nullable;

/**
 * Turns events and snapshots into bytes and back through Pekko serialization.
 *
 * <p>An event is: u8 format, i64 timestamp, writer, manifest of the event adapter, metadata if there is any, serializer
 * id and manifest of the payload, and the payload up to the end. Tags are not stored. Safe for any thread.
 */
final class ReprCodec {

    private static final byte FORMAT = 1;
    private static final int FIXED_BYTES = 2 + Long.BYTES + 4 * Integer.BYTES;

    private final Serialization serialization;

    ReprCodec(ActorSystem system) {
        this.serialization = SerializationExtension.get(system);
    }

    /** Encodes an event; throws what the serializer throws. */
    EventBytes encode(PersistentRepr repr) {
        Object event = repr.payload() instanceof Tagged tagged ? tagged.payload() : repr.payload();
        StoredObject payload = encodeObject(event);
        @Nullable
        StoredObject metadata =
                repr.metadata().isDefined() ? encodeObject(repr.metadata().get()) : null;
        byte[] writer = utf8(repr.writerUuid());
        byte[] adapter = utf8(repr.manifest());
        byte[] manifest = utf8(payload.manifest());
        byte[] metadataManifest = metadata == null ? new byte[0] : utf8(metadata.manifest());
        int metadataBytes =
                metadata == null ? 0 : 3 * Integer.BYTES + metadataManifest.length + metadata.bytes().length;
        ByteBuffer head =
                ByteBuffer.allocate(FIXED_BYTES + writer.length + adapter.length + manifest.length + metadataBytes);
        head.put(FORMAT).putLong(repr.timestamp());
        Checkpoint.putName(head, writer);
        Checkpoint.putName(head, adapter);
        head.put((byte) (metadata == null ? 0 : 1));
        if (metadata != null) {
            head.putInt(metadata.serializerId());
            Checkpoint.putName(head, metadataManifest);
            Checkpoint.putName(head, metadata.bytes());
        }
        head.putInt(payload.serializerId());
        Checkpoint.putName(head, manifest);
        return new EventBytes(head.array(), payload.bytes());
    }

    /**
     * An event as it is stored; its objects are not decoded yet.
     *
     * @param timestamp when it was written, in milliseconds since 1970
     * @param writer which life of the persistent actor wrote it
     * @param adapter the manifest of the event adapter
     * @param metadata what the persistent actor attached, or null
     * @param payload the event
     */
    record Parts(
            long timestamp,
            String writer,
            String adapter,
            @Nullable StoredObject metadata,
            StoredObject payload) {}

    /** Decodes an event; throws what the serializer throws. */
    PersistentRepr decode(String persistenceId, long sequenceNr, ByteBuffer event) {
        Parts parts = parts(persistenceId, sequenceNr, event);
        StoredObject metadata = parts.metadata();
        Object attached = metadata == null ? null : decodeObject(metadata);
        PersistentRepr repr = PersistentRepr.apply(
                        decodeObject(parts.payload()),
                        sequenceNr,
                        persistenceId,
                        parts.adapter(),
                        false,
                        ActorRef.noSender(),
                        parts.writer())
                .withTimestamp(parts.timestamp());
        return attached == null ? repr : repr.withMetadata(attached);
    }

    /** Takes an event apart and copies it out of the buffer. */
    static Parts parts(String persistenceId, long sequenceNr, ByteBuffer event) {
        byte format = event.get();
        if (format != FORMAT) {
            throw new StorageException("Event " + sequenceNr + " of " + persistenceId + " is stored in format " + format
                    + " and this program reads format " + FORMAT + "; run the version that wrote it, or a later one.");
        }
        long timestamp = event.getLong();
        String writer = Checkpoint.readName(event);
        String adapter = Checkpoint.readName(event);
        @Nullable StoredObject metadata = null;
        if (event.get() != 0) {
            int serializerId = event.getInt();
            String manifest = Checkpoint.readName(event);
            byte[] bytes = new byte[event.getInt()];
            event.get(bytes);
            metadata = new StoredObject(serializerId, manifest, bytes);
        }
        int serializerId = event.getInt();
        String manifest = Checkpoint.readName(event);
        byte[] bytes = new byte[event.remaining()];
        event.get(bytes);
        return new Parts(timestamp, writer, adapter, metadata, new StoredObject(serializerId, manifest, bytes));
    }

    /** Encodes any object for which a serializer is bound; throws what the serializer throws. */
    StoredObject encodeObject(Object object) {
        Serializer serializer = serialization.findSerializerFor(object);
        byte[] bytes = serialization.serialize(object).get();
        return new StoredObject(serializer.identifier(), Serializers.manifestFor(serializer, object), bytes);
    }

    /** Decodes an object; throws what the serializer throws. */
    Object decodeObject(StoredObject stored) {
        return serialization
                .deserialize(stored.bytes(), stored.serializerId(), stored.manifest())
                .get();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
