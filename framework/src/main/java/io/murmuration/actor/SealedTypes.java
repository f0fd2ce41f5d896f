package io.murmuration.actor;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Families of types that are closed by {@code permits}. A member of a family is called by its simple name in encoded
 * bytes, so that a move to another package keeps them readable; a family with one name twice is refused.
 */
final class SealedTypes {
    private SealedTypes() {}

    /**
     * Whether values of this type need their class told. An enum whose constants have bodies is sealed too, but is one
     * type.
     *
     * @param type any class
     * @return true for a sealed interface or class
     */
    static boolean isFamily(Class<?> type) {
        return type.isSealed() && !type.isEnum() && !type.getName().startsWith("java.");
    }

    /**
     * All classes that a value of a family can have.
     *
     * @param family a sealed type
     * @return the permitted classes, those of permitted families in their place, in the order of declaration
     * @throws IllegalArgumentException if two have the same simple name
     */
    static List<Class<?>> members(Class<?> family) {
        Set<Class<?>> members = new LinkedHashSet<>();
        collect(family, members);
        Map<String, Class<?>> byName = new HashMap<>();
        for (Class<?> member : members) {
            Class<?> other = byName.putIfAbsent(name(member), member);
            if (other != null) {
                throw new IllegalArgumentException("The sealed type " + family.getName() + " permits two types named "
                        + name(member) + ": " + other.getName() + " and " + member.getName()
                        + ". Their encoded values could not be told apart; rename one of them.");
            }
        }
        return List.copyOf(members);
    }

    /**
     * The families that a class belongs to, however far up.
     *
     * @param type any class
     * @return the sealed interfaces and classes above it
     */
    static List<Class<?>> familiesOf(Class<?> type) {
        List<Class<?>> families = new ArrayList<>();
        climb(type, families);
        return families;
    }

    /**
     * The class as which a value is encoded: an enum's constant with a body is of an anonymous class.
     *
     * @param value any value
     * @return its class, or its enum
     */
    static Class<?> classOf(Object value) {
        return value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    }

    /**
     * How a member is called in encoded bytes.
     *
     * @param member a class of a family
     * @return the simple name; for the anonymous class of an enum's constant that of the enum
     */
    static String name(Class<?> member) {
        Class<?> above = member.getSuperclass();
        return above != null && above.isEnum() ? above.getSimpleName() : member.getSimpleName();
    }

    private static void collect(Class<?> type, Set<Class<?>> into) {
        if (!isFamily(type)) {
            into.add(type);
            return;
        }
        if (!Modifier.isAbstract(type.getModifiers())) {
            into.add(type);
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            collect(permitted, into);
        }
    }

    private static void climb(Class<?> type, List<Class<?>> families) {
        List<Class<?>> above = new ArrayList<>(List.of(type.getInterfaces()));
        if (type.getSuperclass() != null) {
            above.add(type.getSuperclass());
        }
        for (Class<?> each : above) {
            if (isFamily(each) && !families.contains(each)) {
                families.add(each);
            }
            climb(each, families);
        }
    }
}
