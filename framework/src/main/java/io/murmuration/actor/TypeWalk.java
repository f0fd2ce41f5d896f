package io.murmuration.actor;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.AbstractDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Mutable: goes through a type and all that it may hold, and refuses what Jackson could write but never read, with the
 * name of the component. Each type is visited once.
 */
final class TypeWalk {
    private final ObjectMapper mapper;
    private final TypeFactory factory;
    private final DeserializationContext context;
    private final Set<JavaType> visited = new LinkedHashSet<>();
    private final Set<JavaType> families = new LinkedHashSet<>();

    TypeWalk(ObjectMapper mapper) {
        this.mapper = mapper;
        this.factory = mapper.getTypeFactory();
        this.context = mapper.getDeserializationContext() instanceof DefaultDeserializationContext blueprint
                ? blueprint.createDummyInstance(mapper.getDeserializationConfig())
                : mapper.getDeserializationContext();
    }

    /** The sealed types that were found, with their arguments. */
    Set<JavaType> families() {
        return families;
    }

    /**
     * Visits a type.
     *
     * @param where where it was found, in words
     * @param type the type
     * @throws IllegalArgumentException if it cannot be encoded and decoded
     */
    void visit(String where, JavaType type) {
        if (!visited.add(type)) {
            return;
        }
        Class<?> raw = type.getRawClass();
        if (raw == Object.class) {
            throw unusable(
                    where, "has no definite type (Object, or a type parameter that nothing fixes); declare one.");
        }
        if (isActorRef(raw)) {
            throw unusable(where, "is an ActorRef, which would be logged and replayed; answer with a reply.");
        }
        if (isUsersOwn(type)) {
            mustBeKnown(where, type);
        } else if (SealedTypes.isFamily(raw)) {
            visitFamily(where, type);
        } else if (type.isContainerType() || type.isReferenceType()) {
            visitContent(where, type);
        } else if (raw.isRecord()) {
            for (RecordComponent component : raw.getRecordComponents()) {
                JavaType held = factory.resolveMemberType(component.getGenericType(), type.getBindings());
                visit("the component " + raw.getSimpleName() + "." + component.getName(), held);
            }
            mustBeKnown(where, type);
        } else if (mustBeKnown(where, type) instanceof BeanDeserializerBase bean) {
            visitBean(where, raw, bean);
        }
    }

    /** What a delegating creator takes is all that is encoded; the fields behind it are the class's own business. */
    private void visitBean(String where, Class<?> raw, BeanDeserializerBase bean) {
        ValueInstantiator maker = bean.getValueInstantiator();
        if (maker.canCreateUsingDelegate()) {
            visit(where + " (as encoded)", maker.getDelegateType(context.getConfig()));
        } else {
            bean.properties()
                    .forEachRemaining(property -> visit(
                            "the property " + raw.getSimpleName() + "." + property.getName(), property.getType()));
        }
    }

    private void visitFamily(String where, JavaType type) {
        families.add(type);
        for (Class<?> member : SealedTypes.members(type.getRawClass())) {
            if (member.equals(type.getRawClass())) {
                mustBeKnown(where, type);
            } else {
                visit(where + " (" + member.getSimpleName() + ")", factory.constructSpecializedType(type, member));
            }
        }
    }

    private void visitContent(String where, JavaType type) {
        if (type.getKeyType() != null && type.getKeyType().isJavaLangObject()) {
            throw unusable(where, "is a map whose keys have no definite type; declare one.");
        }
        if (type.getContentType() != null) {
            visit(where + " (" + (type.isMapLikeType() ? "value" : "element") + ")", type.getContentType());
        }
        mustBeKnown(where, type);
    }

    /** The user's annotations or modules say how to decode it: then nothing below it is our business. */
    private boolean isUsersOwn(JavaType type) {
        try {
            if (SealedTypes.isFamily(type.getRawClass())) {
                return context.getConfig()
                        .introspectClassAnnotations(type)
                        .getClassInfo()
                        .hasAnnotation(JsonTypeInfo.class);
            }
            if (context.getFactory().findTypeDeserializer(context.getConfig(), type) != null) {
                return true;
            }
            JsonDeserializer<?> found = context.findNonContextualValueDeserializer(type);
            return type.getRawClass().isRecord() && !(found instanceof BeanDeserializerBase);
        } catch (JsonMappingException | IllegalArgumentException e) {
            return false;
        }
    }

    private JsonDeserializer<?> mustBeKnown(String where, JavaType type) {
        try {
            mapper.getSerializerProviderInstance().findTypedValueSerializer(type, false, null);
            JsonDeserializer<?> found = context.findContextualValueDeserializer(type, null);
            if (found instanceof AbstractDeserializer && !isUsersOwn(type)) {
                throw unusable(
                        where,
                        "is of the type " + type.toCanonical() + ", which is "
                                + (type.isInterface() ? "an interface" : "an abstract class")
                                + " that is not sealed: nobody can tell what to decode. Seal it, declare a concrete"
                                + " type, or add a Jackson module under pekko.serialization.jackson.murmuration-cbor.");
            }
            if (!canBeMade(found)) {
                throw unusable(
                        where,
                        "is of the type " + type.toCanonical() + ", which has no constructor that Jackson can call."
                                + " Make it a record, or add a Jackson module under"
                                + " pekko.serialization.jackson.murmuration-cbor.");
            }
            return found;
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException(
                    where + " is of the type " + type.toCanonical() + ", which Jackson cannot encode and decode: "
                            + e.getOriginalMessage() + " Declare another type, or add a Jackson module under"
                            + " pekko.serialization.jackson.murmuration-cbor.",
                    e);
        }
    }

    /** A map or collection of an unknown kind is found out only here: Jackson has a deserializer that can make none. */
    private static boolean canBeMade(JsonDeserializer<?> found) {
        if (found instanceof ValueInstantiator.Gettable maker) {
            ValueInstantiator instantiator = maker.getValueInstantiator();
            return instantiator == null || instantiator.canInstantiate();
        }
        return true;
    }

    private static boolean isActorRef(Class<?> type) {
        return org.apache.pekko.actor.ActorRef.class.isAssignableFrom(type)
                || org.apache.pekko.actor.typed.ActorRef.class.isAssignableFrom(type);
    }

    private static IllegalArgumentException unusable(String where, String why) {
        return new IllegalArgumentException(where + " " + why);
    }
}
