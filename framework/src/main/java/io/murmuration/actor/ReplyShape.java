package io.murmuration.actor;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.PackageVersion;
import com.fasterxml.jackson.databind.ser.std.BeanSerializerBase;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Mutable: writes down how the replies of a group are encoded, and hashes that to a number. A line for each type, in
 * the order of their names: what it is, what it holds, and under which names that is written. All of it are names and
 * numbers of versions, and nothing has the order of a hash table, so that the number is the same in every process that
 * runs the same classes. Types of the JDK, and those of serializers of the user's own, are only named: what is in them
 * is not known.
 */
final class ReplyShape {
    /** What is compared beyond replies, and how it is hashed: raise it whenever OutcomeChain changes. */
    private static final int CHAIN_VERSION = 1;

    /** A type that holds itself with ever other arguments would have no end. */
    private static final int TYPES_MAX = 10_000;

    private final ObjectMapper mapper;
    private final TypeFactory factory;
    private final GroupTypes types;
    private final NavigableMap<String, String> lines = new TreeMap<>();

    ReplyShape(ObjectMapper mapper, GroupTypes types) {
        this.mapper = mapper;
        this.factory = mapper.getTypeFactory();
        this.types = types;
        types.replies().stream()
                .sorted(Comparator.comparing(JavaType::toCanonical))
                .forEach(this::reply);
    }

    /** Never 0, which stands for no shape. */
    long hash() {
        byte[] words = toString().getBytes(StandardCharsets.UTF_8);
        try {
            long hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(words))
                    .getLong();
            return hash == 0 ? 1 : hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK has no SHA-256, which every JDK must have.", e);
        }
    }

    @Override
    public String toString() {
        StringBuilder words = new StringBuilder("chain " + CHAIN_VERSION + ", Jackson " + PackageVersion.VERSION + " "
                + mapper.getSerializationConfig().getSerializationFeatures() + "\n");
        lines.forEach(
                (name, what) -> words.append(name).append(": ").append(what).append('\n'));
        return words.toString();
    }

    /** What is encoded by itself, under a manifest: like {@link GroupTypes}, member by member if it is a family. */
    private void reply(JavaType type) {
        if (types.bound().containsKey(type)) {
            lines.put("reply " + type.toCanonical(), "of another serializer");
        } else if (type.containedTypeCount() == 0 && SealedTypes.isFamily(type.getRawClass())) {
            for (Class<?> member : SealedTypes.members(type.getRawClass())) {
                if (member.equals(type.getRawClass())) {
                    visit(type);
                } else {
                    reply(factory.constructSpecializedType(type, member));
                }
            }
        } else {
            lines.put("reply " + type.toCanonical(), "of murmuration-cbor");
            visit(type);
        }
    }

    private void visit(JavaType type) {
        if (lines.size() >= TYPES_MAX || lines.putIfAbsent(type.toCanonical(), "") != null) {
            return;
        }
        List<JavaType> held = new ArrayList<>();
        lines.put(type.toCanonical(), describe(type, held));
        held.forEach(this::visit);
    }

    private String describe(JavaType type, List<JavaType> held) {
        Class<?> raw = type.getRawClass();
        held.addAll(type.getBindings().getTypeParameters());
        if (type.isContainerType() || type.isReferenceType()) {
            if (type.getKeyType() != null) {
                held.add(type.getKeyType());
            }
            if (type.getContentType() != null) {
                held.add(type.getContentType());
            }
            return "holds others";
        }
        if (raw.isEnum()) {
            return "enum "
                    + Arrays.stream(raw.getFields())
                            .filter(Field::isEnumConstant)
                            .map(Field::getName)
                            .toList();
        }
        if (raw.isPrimitive() || raw.getName().startsWith("java.")) {
            return "a value";
        }
        return (raw.isSealed() ? "permits " + permitted(type, held) + ", " : "") + contents(type, held);
    }

    private List<String> permitted(JavaType type, List<JavaType> held) {
        List<String> names = new ArrayList<>();
        for (Class<?> member : type.getRawClass().getPermittedSubclasses()) {
            names.add(member.getName());
            held.add(factory.constructType(member));
        }
        return names;
    }

    /** Annotations can have a component written under another name, elsewhere, or not at all: so both are told. */
    private String contents(JavaType type, List<JavaType> held) {
        BeanSerializerBase bean = bean(type);
        if (bean == null) {
            return "written by a serializer of its own, fields " + fields(type.getRawClass());
        }
        List<String> written = new ArrayList<>();
        bean.properties().forEachRemaining(each -> {
            written.add(each.getName() + " " + each.getType().toCanonical());
            held.add(each.getType());
        });
        return type.getRawClass().isRecord()
                ? "record " + components(type.getRawClass()) + ", written " + written
                : "class, written " + written;
    }

    private static List<String> components(Class<?> raw) {
        return Arrays.stream(raw.getRecordComponents())
                .map(each -> each.getName() + " " + each.getGenericType().getTypeName())
                .toList();
    }

    /** In the order of their names: the JDK promises no other. */
    private static List<String> fields(Class<?> raw) {
        List<String> fields = new ArrayList<>();
        try {
            for (Class<?> at = raw; at != null && !at.getName().startsWith("java."); at = at.getSuperclass()) {
                Arrays.stream(at.getDeclaredFields())
                        .filter(each -> !Modifier.isStatic(each.getModifiers()) && !each.isSynthetic())
                        .forEach(each -> fields.add(
                                each.getName() + " " + each.getGenericType().getTypeName()));
            }
        } catch (LinkageError e) {
            return List.of(); // a library of which a part is missing; who serializes it does not need that part
        }
        fields.sort(Comparator.naturalOrder());
        return fields;
    }

    private @Nullable BeanSerializerBase bean(JavaType type) {
        try {
            return mapper.getSerializerProviderInstance().findValueSerializer(type) instanceof BeanSerializerBase found
                    ? found
                    : null;
        } catch (JsonMappingException e) {
            return null; // what a group encodes has been asked before; this is held where nothing is written of it
        }
    }
}
