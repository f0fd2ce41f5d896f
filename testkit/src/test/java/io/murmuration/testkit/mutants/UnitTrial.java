package io.murmuration.testkit.mutants;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Runs one named unit test of the framework against changed code: for what a simulation of its faults cannot see. */
final class UnitTrial implements Trial {
    private final Class<?> type;
    private final String method;

    UnitTrial(Class<?> type, String method) {
        this.type = type;
        this.method = method;
    }

    @Override
    public @Nullable Finding run(long seed) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            Method test = type.getDeclaredMethod(method);
            test.setAccessible(true);
            test.invoke(constructor.newInstance());
            return null;
        } catch (InvocationTargetException thrown) {
            return new Finding(type.getSimpleName() + "#" + method, String.valueOf(thrown.getCause()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "There is no unit test " + type.getSimpleName() + "#" + method + " without parameters.", e);
        }
    }
}
