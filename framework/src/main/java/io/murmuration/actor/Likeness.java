package io.murmuration.actor;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a value that was encoded and decoded is the value that it was. Records and collections are compared part by
 * part, since a record that holds an array does not equal its copy.
 */
final class Likeness {
    private Likeness() {}

    /**
     * The first difference.
     *
     * @param path how the values are called
     * @param before a value
     * @param after what came back
     * @return a phrase that names the part that differs, or null if nothing does
     */
    static @Nullable String difference(String path, @Nullable Object before, @Nullable Object after) {
        if (before == null || after == null) {
            return before == after ? null : said(path, before, after);
        }
        if (before.equals(after)) {
            return null;
        }
        if (before.getClass().isArray() && before.getClass().equals(after.getClass())) {
            return ofArrays(path, before, after);
        }
        if (before instanceof Optional<?> one && after instanceof Optional<?> other) {
            return difference(path, one.orElse(null), other.orElse(null));
        }
        if (before instanceof List<?> one && after instanceof List<?> other && one.size() == other.size()) {
            return ofElements(path, one.iterator(), other.iterator());
        }
        if (before instanceof Map<?, ?> one
                && after instanceof Map<?, ?> other
                && one.keySet().equals(other.keySet())) {
            return ofMaps(path, one, other);
        }
        if (before.getClass().isRecord() && before.getClass().equals(after.getClass())) {
            return ofRecords(path, before, after);
        }
        boolean byIdentity = before.getClass().equals(after.getClass()) && !hasEquals(before.getClass());
        return byIdentity ? null : said(path, before, after);
    }

    private static @Nullable String ofArrays(String path, Object before, Object after) {
        int length = Array.getLength(before);
        String found = length == Array.getLength(after) ? null : said(path, before, after);
        for (int i = 0; i < length && found == null; i++) {
            found = difference(path + "[" + i + "]", Array.get(before, i), Array.get(after, i));
        }
        return found;
    }

    private static @Nullable String ofElements(String path, Iterator<?> before, Iterator<?> after) {
        String found = null;
        for (int i = 0; before.hasNext() && found == null; i++) {
            found = difference(path + "[" + i + "]", before.next(), after.next());
        }
        return found;
    }

    private static @Nullable String ofMaps(String path, Map<?, ?> before, Map<?, ?> after) {
        String found = null;
        Iterator<?> keys = before.keySet().iterator();
        while (keys.hasNext() && found == null) {
            Object key = keys.next();
            found = difference(path + "[" + key + "]", before.get(key), after.get(key));
        }
        return found;
    }

    private static @Nullable String ofRecords(String path, Object before, Object after) {
        String found = null;
        RecordComponent[] components = before.getClass().getRecordComponents();
        for (int i = 0; i < components.length && found == null; i++) {
            Method accessor = components[i].getAccessor();
            try {
                accessor.setAccessible(true);
                found = difference(
                        path + "." + components[i].getName(), accessor.invoke(before), accessor.invoke(after));
            } catch (ReflectiveOperationException e) {
                found = path + "." + components[i].getName() + " cannot be read: " + e;
            }
        }
        // All parts are alike, but they are not equal: the record's own equals, or an array in it, says so.
        return found;
    }

    private static boolean hasEquals(Class<?> type) {
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    private static String said(String path, @Nullable Object before, @Nullable Object after) {
        return path + " was " + before + " and came back as " + after;
    }
}
