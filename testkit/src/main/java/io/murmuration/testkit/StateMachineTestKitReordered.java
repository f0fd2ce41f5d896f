package io.murmuration.testkit;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an equal value whose hash collections iterate backwards. Looks into records, lists, sets and maps; whatever
 * promises an order keeps it, and what it does not know stays as it is.
 */
final class StateMachineTestKitReordered {
    /** The JDK has one class for small ones and one for the others. */
    private static final Set<Class<?>> IMMUTABLE_MAPS =
            Set.of(Map.of(1, 1).getClass(), Map.of(1, 1, 2, 2).getClass());

    private static final Set<Class<?>> IMMUTABLE_SETS =
            Set.of(Set.of(1).getClass(), Set.of(1, 2, 3).getClass());

    private StateMachineTestKitReordered() {}

    static Object of(Object value) {
        if (value instanceof Record) {
            return record(value);
        }
        if (value.getClass() == HashMap.class) {
            return backwards((Map<?, ?>) value);
        }
        if (IMMUTABLE_MAPS.contains(value.getClass())) {
            return Collections.unmodifiableMap(backwards((Map<?, ?>) value));
        }
        if (value.getClass() == HashSet.class) {
            return backwards((Set<?>) value);
        }
        if (IMMUTABLE_SETS.contains(value.getClass())) {
            return Collections.unmodifiableSet(backwards((Set<?>) value));
        }
        return value instanceof List<?> list ? list(list) : value;
    }

    /** A {@link LinkedHashMap} is a {@link HashMap}, so it fits wherever one is declared. */
    private static Map<Object, Object> backwards(Map<?, ?> map) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        Collections.reverse(entries);
        Map<Object, Object> result = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : entries) {
            Object value = entry.getValue();
            result.put(entry.getKey(), value == null ? null : of(value));
        }
        return result;
    }

    private static Set<Object> backwards(Set<?> set) {
        List<Object> elements = new ArrayList<>(set);
        Collections.reverse(elements);
        return new LinkedHashSet<>(elements);
    }

    private static Object list(List<?> list) {
        List<Object> elements = new ArrayList<>();
        boolean changed = false;
        for (Object element : list) {
            Object other = element == null ? null : of(element);
            changed |= other != element;
            elements.add(other);
        }
        return changed ? elements : list;
    }

    private static Object record(Object value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        try {
            @Nullable Object[] parts = new @Nullable Object[components.length];
            boolean changed = false;
            for (int at = 0; at < parts.length; at++) {
                components[at].getAccessor().setAccessible(true);
                Object part = components[at].getAccessor().invoke(value);
                parts[at] = part == null ? null : of(part);
                changed |= parts[at] != part;
            }
            if (!changed) {
                return value;
            }
            Constructor<?> canonical = value.getClass()
                    .getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical.newInstance(parts);
        } catch (ReflectiveOperationException | RuntimeException closed) {
            // A module that is closed to reflection, or a constructor that wants another type of collection.
            return value;
        }
    }
}
