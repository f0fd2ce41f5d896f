package io.murmuration.actor;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
import com.fasterxml.jackson.databind.ser.std.BeanSerializerBase;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Mutable: finds out whether equal values of a type may be encoded as different bytes, because a map or a set in them
 * iterates in another order. When in doubt, they may: then they are only slower to compare.
 */
final class IterationOrder {
    private final ObjectMapper mapper;
    private final TypeFactory factory;
    private final Set<JavaType> visited = new HashSet<>();

    private IterationOrder(ObjectMapper mapper) {
        this.mapper = mapper;
        this.factory = mapper.getTypeFactory();
    }

    /** Whether values of a type may hold a map or a set. */
    static boolean mayVary(ObjectMapper mapper, JavaType type) {
        return new IterationOrder(mapper).mayVary(type);
    }

    private boolean mayVary(JavaType type) {
        if (!visited.add(type)) {
            return false;
        }
        Class<?> raw = type.getRawClass();
        if (SealedTypes.isFamily(raw)) {
            return SealedTypes.members(raw).stream()
                    .anyMatch(member -> member.equals(raw) || mayVary(factory.constructSpecializedType(type, member)));
        }
        if (type.isArrayType() || type.isReferenceType()) {
            return mayVary(type.getContentType());
        }
        if (type.isContainerType()) {
            return !List.class.isAssignableFrom(raw) || mayVary(type.getContentType());
        }
        if (raw.isRecord()) {
            return recordMayVary(type);
        }
        return !(raw.isPrimitive() || raw.isEnum() || isPlainOfTheJdk(raw));
    }

    private static boolean isPlainOfTheJdk(Class<?> raw) {
        return raw.getName().startsWith("java.") && !Modifier.isAbstract(raw.getModifiers()) && raw != Object.class;
    }

    private boolean recordMayVary(JavaType type) {
        try {
            BeanDescription description = mapper.getSerializationConfig().introspect(type);
            JsonSerializer<?> serializer =
                    mapper.getSerializerProviderInstance().findValueSerializer(type);
            if (description.findAnyGetter() != null || !(serializer instanceof BeanSerializerBase bean)) {
                return true;
            }
            for (Iterator<PropertyWriter> properties = bean.properties(); properties.hasNext(); ) {
                PropertyWriter property = properties.next();
                if (property.getAnnotation(JsonSerialize.class) != null || mayVary(property.getType())) {
                    return true;
                }
            }
            return false;
        } catch (JsonMappingException | IllegalArgumentException e) {
            return true;
        }
    }
}
