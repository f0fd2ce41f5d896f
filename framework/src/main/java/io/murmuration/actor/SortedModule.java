package io.murmuration.actor;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import com.fasterxml.jackson.databind.type.MapType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Encodes maps and sets so that equal ones give equal bytes: each element alone, then all of them in the order of their
 * bytes. What comes out is compared and never decoded. Elements need not be comparable.
 */
final class SortedModule extends Module {
    @Override
    public String getModuleName() {
        return "murmuration-sorted";
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        context.addBeanSerializerModifier(new Sorting());
    }

    private static final class Sorting extends BeanSerializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonSerializer<?> modifyMapSerializer(
                SerializationConfig config, MapType type, BeanDescription description, JsonSerializer<?> serializer) {
            return new Sorted(serializer);
        }

        @Override
        public JsonSerializer<?> modifyCollectionSerializer(
                SerializationConfig config,
                CollectionType type,
                BeanDescription description,
                JsonSerializer<?> serializer) {
            return List.class.isAssignableFrom(type.getRawClass()) ? serializer : new Sorted(serializer);
        }
    }

    /** Lets another serializer write one element at a time. */
    private static final class Sorted extends JsonSerializer<Object> implements ContextualSerializer {
        private final JsonSerializer<Object> single;

        @SuppressWarnings("unchecked") // Jackson hands each serializer values of its own type
        Sorted(JsonSerializer<?> single) {
            this.single = (JsonSerializer<Object>) single;
        }

        @Override
        public JsonSerializer<?> createContextual(SerializerProvider provider, @Nullable BeanProperty property)
                throws JsonMappingException {
            JsonSerializer<?> contextual = provider.handleSecondaryContextualization(single, property);
            return contextual == single ? this : new Sorted(contextual);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Object value) {
            return single.isEmpty(provider, value);
        }

        @Override
        public void serialize(Object value, JsonGenerator out, SerializerProvider provider) throws IOException {
            List<byte[]> elements = new ArrayList<>();
            if (value instanceof Map<?, ?> map) {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    elements.add(alone(Collections.singletonMap(entry.getKey(), entry.getValue()), out, provider));
                }
            } else if (value instanceof Collection<?> set && !hasOrder(set)) {
                for (Object element : set) {
                    elements.add(alone(only(element, set), out, provider));
                }
            } else {
                single.serialize(value, out, provider);
                return;
            }
            elements.sort(Arrays::compare);
            out.writeStartArray();
            for (byte[] element : elements) {
                out.writeBinary(element);
            }
            out.writeEndArray();
        }

        /** The type of the collection itself is the declared one on all nodes. */
        @Override
        public void serializeWithType(Object value, JsonGenerator out, SerializerProvider provider, TypeSerializer type)
                throws IOException {
            serialize(value, out, provider);
        }

        /** The serializer of an EnumSet takes no other set, and what it writes must equal what others write. */
        private static Collection<?> only(Object element, Collection<?> all) {
            Collection<?> one = Collections.singleton(element);
            if (all instanceof EnumSet<?> set) {
                EnumSet<?> copy = set.clone();
                copy.retainAll(one);
                return copy;
            }
            return one;
        }

        private static boolean hasOrder(Collection<?> values) {
            return values instanceof List || (values instanceof Queue && !(values instanceof PriorityQueue));
        }

        private byte[] alone(Object element, JsonGenerator like, SerializerProvider provider) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (JsonGenerator out = like.getCodec().getFactory().createGenerator(bytes)) {
                out.setCodec(like.getCodec());
                single.serialize(element, out, provider);
            }
            return bytes.toByteArray();
        }
    }
}
