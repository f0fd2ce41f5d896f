package io.murmuration.actor;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * {@code murmuration-cbor}: users' records and sealed types by Jackson, as CBOR. The manifest is the name of a type. It
 * takes only the types that started groups have registered: a manifest is looked up among them and never loaded as a
 * class. Thread-safe.
 */
final class CborSerializer extends SerializerWithStringManifest {
    /** On disk with each command: not configurable. */
    static final int IDENTIFIER = 7713;

    private static final String NAME = "murmuration-cbor";

    private final ObjectMapper mapper;
    private final ObjectMapper sorting;
    private final Map<String, Form> allowed = new ConcurrentHashMap<>();

    /**
     * How values of one type are written and read; all made once. {@code sorted} is null if equal values are written
     * alike anyway.
     */
    record Form(
            String manifest,
            ObjectWriter writer,
            ObjectReader reader,
            @Nullable ObjectWriter sorted) {
        /** The bytes by which values are compared, given those that were written. */
        byte[] canonical(Object value, byte[] written) throws IOException {
            return sorted == null ? written : sorted.writeValueAsBytes(value);
        }

        byte[] write(Object value) throws IOException {
            return writer.writeValueAsBytes(value);
        }

        void write(Object value, OutputStream to) throws IOException {
            writer.writeValue(to, value);
        }

        Object read(byte[] bytes) throws IOException {
            return present(reader.readValue(bytes));
        }

        Object read(InputStream bytes) throws IOException {
            return present(reader.readValue(bytes));
        }

        private Object present(@Nullable Object value) throws IOException {
            if (value == null) {
                throw new NotSerializableException("The bytes hold null instead of a " + manifest + ".");
            }
            return value;
        }
    }

    /**
     * Made by Pekko, once for a system.
     *
     * @param system gives the mapper's configuration
     */
    CborSerializer(ExtendedActorSystem system) {
        this.mapper = JacksonObjectMapperProvider.get(system)
                .create(NAME, Optional.of(new CBORFactory()))
                .registerModule(new SealedTypesModule());
        this.sorting = mapper.copy().registerModule(new SortedModule());
    }

    /**
     * The one of an ActorSystem.
     *
     * @param serialization that system's serialization
     * @return the instance that Pekko made
     * @throws IllegalStateException if another serializer has its identifier
     */
    static CborSerializer of(Serialization serialization) {
        Option<Serializer> found = serialization.serializerByIdentity().get(IDENTIFIER);
        if (found.isDefined() && found.get() instanceof CborSerializer cbor) {
            return cbor;
        }
        throw new IllegalStateException("The Pekko serializer with the identifier " + IDENTIFIER + " is not "
                + CborSerializer.class.getName() + "; give yours another identifier, and keep Murmuration's"
                + " reference.conf on the classpath.");
    }

    ObjectMapper mapper() {
        return mapper;
    }

    /**
     * How values of a type are written and read. Does not allow the type yet.
     *
     * @param type the type, with its arguments if it is generic
     * @return its form
     */
    Form form(JavaType type) {
        return new Form(
                type.toCanonical(),
                mapper.writerFor(type),
                mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS),
                IterationOrder.mayVary(mapper, type) ? sorting.writerFor(type) : null);
    }

    /**
     * Allows types of a group that is being started.
     *
     * @param forms the forms of the types
     */
    void allow(Collection<Form> forms) {
        forms.forEach(form -> allowed.put(form.manifest(), form));
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object value) {
        return SealedTypes.classOf(value).getName();
    }

    @Override
    public byte[] toBinary(Object value) {
        try {
            return allowed(manifest(value)).write(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        try {
            return allowed(manifest).read(bytes);
        } catch (NotSerializableException e) {
            throw e;
        } catch (IOException e) {
            NotSerializableException unreadable =
                    new NotSerializableException(NAME + " cannot read a " + manifest + ": " + e.getMessage());
            unreadable.initCause(e);
            throw unreadable;
        }
    }

    private Form allowed(String manifest) throws NotSerializableException {
        Form form = allowed.get(manifest);
        if (form == null) {
            throw new NotSerializableException(NAME + " takes only the commands, replies and states of groups that were"
                    + " started on this node; " + manifest + " is none of them.");
        }
        return form;
    }
}
