package io.murmuration.actor;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongFunction;

/**
 * Mutable: makes a value of a type, with something in every component, to see whether it survives being encoded. Each
 * plain value that it makes differs from those before, since a record may refuse, for example, to have one account as
 * both ends of a transfer.
 */
final class Samples {
    private static final Map<Class<?>, LongFunction<Object>> PLAIN = plain();

    private final TypeFactory factory;
    private final Deque<Class<?>> under = new ArrayDeque<>();
    private long count;

    Samples(TypeFactory factory) {
        this.factory = factory;
    }

    /** No sample can be made; the message says of what and why. */
    static final class NoSample extends Exception {
        private static final long serialVersionUID = 1L;

        NoSample(String message, Throwable cause) {
            super(message, cause);
        }

        NoSample(String message) {
            super(message);
        }
    }

    /**
     * A value of a type.
     *
     * @param type the type
     * @return a value in which optional things are there and collections have one element, unless the type would hold
     *     itself
     * @throws NoSample if it is unknown how, or the type's own checks refuse what was tried
     */
    Object of(JavaType type) throws NoSample {
        Class<?> raw = type.getRawClass();
        LongFunction<Object> plain = PLAIN.get(raw);
        if (plain != null) {
            return plain.apply(++count);
        }
        if (raw.isEnum()) {
            return constant(raw);
        }
        if (type.isArrayType()) {
            Object array = Array.newInstance(type.getContentType().getRawClass(), 1);
            Array.set(array, 0, of(type.getContentType()));
            return array;
        }
        if (raw == Optional.class) {
            return recurs(type.getContentType()) ? Optional.empty() : Optional.of(of(type.getContentType()));
        }
        if (type.isMapLikeType()) {
            return map(type);
        }
        if (type.isCollectionLikeType()) {
            return collection(type);
        }
        if (SealedTypes.isFamily(raw)) {
            return member(type);
        }
        if (raw.isRecord()) {
            return recordOf(type);
        }
        throw new NoSample("It is unknown how to make a " + type.toCanonical() + ".");
    }

    private static Object constant(Class<?> type) throws NoSample {
        Object[] constants = type.getEnumConstants();
        if (constants == null || constants.length == 0) {
            throw new NoSample(type.getName() + " has no constants.");
        }
        return constants[0];
    }

    private Object collection(JavaType type) throws NoSample {
        Class<?> raw = type.getRawClass();
        Collection<Object> made;
        if (raw.isAssignableFrom(ArrayList.class)) {
            made = new ArrayList<>();
        } else if (raw.isAssignableFrom(LinkedHashSet.class)) {
            made = new LinkedHashSet<>();
        } else if (raw.isAssignableFrom(TreeSet.class)) {
            made = new TreeSet<>();
        } else {
            throw new NoSample("It is unknown how to make a " + type.toCanonical() + ".");
        }
        if (!recurs(type.getContentType())) {
            made.add(of(type.getContentType()));
        }
        return made;
    }

    private Object map(JavaType type) throws NoSample {
        Class<?> raw = type.getRawClass();
        Map<Object, Object> made;
        if (raw.isAssignableFrom(LinkedHashMap.class)) {
            made = new LinkedHashMap<>();
        } else if (raw.isAssignableFrom(TreeMap.class)) {
            made = new TreeMap<>();
        } else {
            throw new NoSample("It is unknown how to make a " + type.toCanonical() + ".");
        }
        if (!recurs(type.getContentType())) {
            made.put(of(type.getKeyType()), of(type.getContentType()));
        }
        return made;
    }

    private Object member(JavaType family) throws NoSample {
        NoSample last = new NoSample(family.toCanonical() + " permits nothing.");
        for (Class<?> member : SealedTypes.members(family.getRawClass())) {
            if (!under.contains(member) && !member.equals(family.getRawClass())) {
                try {
                    return of(factory.constructSpecializedType(family, member));
                } catch (NoSample e) {
                    last = e;
                }
            }
        }
        throw last;
    }

    private Object recordOf(JavaType type) throws NoSample {
        Class<?> raw = type.getRawClass();
        if (under.contains(raw)) {
            throw new NoSample(raw.getName() + " holds itself.");
        }
        under.push(raw);
        try {
            RecordComponent[] components = raw.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                values[i] = of(factory.resolveMemberType(components[i].getGenericType(), type.getBindings()));
            }
            Constructor<?> canonical = raw.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new NoSample(raw.getName() + " refuses what was tried: " + e.getCause(), e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new NoSample(raw.getName() + " cannot be made: " + e, e);
        } finally {
            under.pop();
        }
    }

    /** Whether a value of this type would hold another one of a record that is being made. */
    private boolean recurs(JavaType content) {
        Class<?> raw = content.getRawClass();
        return under.contains(raw)
                || (SealedTypes.isFamily(raw)
                        && SealedTypes.members(raw).stream().anyMatch(under::contains));
    }

    private static Map<Class<?>, LongFunction<Object>> plain() {
        Map<Class<?>, LongFunction<Object>> plain = new LinkedHashMap<>();
        List.of(long.class, Long.class).forEach(type -> plain.put(type, n -> n));
        List.of(int.class, Integer.class).forEach(type -> plain.put(type, n -> (int) n));
        List.of(short.class, Short.class).forEach(type -> plain.put(type, n -> (short) n));
        List.of(byte.class, Byte.class).forEach(type -> plain.put(type, n -> (byte) n));
        List.of(double.class, Double.class).forEach(type -> plain.put(type, n -> n + 0.25));
        List.of(float.class, Float.class).forEach(type -> plain.put(type, n -> n + 0.5f));
        List.of(boolean.class, Boolean.class).forEach(type -> plain.put(type, n -> true));
        List.of(char.class, Character.class).forEach(type -> plain.put(type, n -> (char) ('a' + n % 26)));
        plain.put(String.class, n -> "s" + n);
        plain.put(byte[].class, n -> new byte[] {(byte) n});
        plain.put(BigInteger.class, BigInteger::valueOf);
        plain.put(BigDecimal.class, n -> BigDecimal.valueOf(n * 100, 2));
        plain.put(UUID.class, n -> new UUID(n, n));
        plain.put(URI.class, n -> URI.create("urn:sample:" + n));
        plain.put(OptionalLong.class, OptionalLong::of);
        plain.put(OptionalInt.class, n -> OptionalInt.of((int) n));
        plain.put(OptionalDouble.class, OptionalDouble::of);
        plain.put(Instant.class, n -> Instant.ofEpochSecond(n, 123_456_789));
        plain.put(Duration.class, n -> Duration.ofSeconds(n, 1));
        plain.put(Period.class, n -> Period.ofDays((int) n));
        plain.put(LocalDate.class, LocalDate::ofEpochDay);
        plain.put(LocalTime.class, LocalTime::ofSecondOfDay);
        plain.put(LocalDateTime.class, n -> LocalDateTime.of(2000, 1, 1, 0, 0, 1));
        plain.put(OffsetDateTime.class, n -> OffsetDateTime.of(2000, 1, 1, 0, 0, 1, 0, ZoneOffset.ofHours(2)));
        plain.put(ZonedDateTime.class, n -> ZonedDateTime.of(2000, 1, 1, 0, 0, 1, 0, ZoneId.of("Europe/Berlin")));
        plain.put(ZoneId.class, n -> ZoneId.of("Europe/Berlin"));
        return plain;
    }
}
