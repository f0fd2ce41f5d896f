package io.murmuration.actor;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets Jackson encode sealed types without annotations: a value of a declared sealed type is a pair of the simple name
 * of its class and its fields. Only permitted classes can be named, so no bytes make it load another class. A user's
 * own {@code @JsonTypeInfo} and {@code @JsonSubTypes} win.
 */
final class SealedTypesModule extends Module {
    @Override
    public String getModuleName() {
        return "murmuration-sealed-types";
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        context.appendAnnotationIntrospector(new Permits());
    }

    /** Answers in place of annotations that are not there. */
    private static final class Permits extends NopAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable TypeResolverBuilder<?> findTypeResolver(
                MapperConfig<?> config, AnnotatedClass annotated, JavaType type) {
            if (!SealedTypes.isFamily(annotated.getRawType()) || annotated.hasAnnotation(JsonTypeInfo.class)) {
                return null;
            }
            return new StdTypeResolverBuilder()
                    .init(JsonTypeInfo.Id.NAME, null)
                    .inclusion(JsonTypeInfo.As.WRAPPER_ARRAY);
        }

        @Override
        public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
            Class<?> type = annotated.getRawType();
            if (!SealedTypes.isFamily(type) || annotated.hasAnnotation(JsonSubTypes.class)) {
                return null;
            }
            return SealedTypes.members(type).stream()
                    .map(member -> new NamedType(member, SealedTypes.name(member)))
                    .toList();
        }

        @Override
        public @Nullable String findTypeName(AnnotatedClass annotated) {
            Class<?> type = annotated.getRawType();
            boolean ours = !annotated.hasAnnotation(JsonTypeInfo.class)
                    && (SealedTypes.isFamily(type)
                            || !SealedTypes.familiesOf(type).isEmpty());
            return ours ? SealedTypes.name(type) : null;
        }
    }
}
