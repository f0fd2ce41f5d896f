package io.murmuration.actor;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.murmuration.core.model.Codec.CodecException;
import io.murmuration.machine.Command;
import io.murmuration.machine.Query;
import io.murmuration.machine.StateMachine;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.serialization.Serializer;

/**
 * Mutable while a group is being started: the types that it may encode and decode, each with the words for where it was
 * found. They are the commands and queries of its machine, the replies that these declare, and the state.
 */
final class GroupTypes {
    private final TypeFactory factory;
    private final Bindings bindings;

    /** Encoded by murmuration-cbor under the name of their class. */
    private final Map<JavaType, String> exact = new LinkedHashMap<>();

    /** Generic types, encoded by murmuration-cbor as they are declared: a value alone does not tell its arguments. */
    private final Map<JavaType, String> declared = new LinkedHashMap<>();

    /** Encoded by the serializer to which the configuration binds them. */
    private final Map<JavaType, String> bound = new LinkedHashMap<>();

    /** What commands declare as their replies. */
    private final Set<JavaType> replies = new LinkedHashSet<>();

    private GroupTypes(TypeFactory factory, Bindings bindings) {
        this.factory = factory;
        this.bindings = bindings;
    }

    /**
     * Finds the types of a group.
     *
     * @param machine the group's machine
     * @param factory the mapper's types
     * @param bindings the system's bindings
     * @return the types
     * @throws IllegalArgumentException if a type is not definite, or could be taken for another one
     */
    static GroupTypes of(StateMachine<?> machine, TypeFactory factory, Bindings bindings) {
        GroupTypes types = asked(machine.commands(), machine.queries(), factory, bindings);
        types.addState(SealedTypes.classOf(machine.initial()), machine.initial());
        types.refuseAmbiguous();
        return types;
    }

    /**
     * Finds the types that a client of a group needs: it never sees the state.
     *
     * @param commands the classes of the commands
     * @param queries the classes of the queries
     * @param factory the mapper's types
     * @param bindings the system's bindings
     * @return the types
     * @throws IllegalArgumentException if a type is not definite, or could be taken for another one
     */
    static GroupTypes ofClient(
            Collection<Class<?>> commands, Collection<Class<?>> queries, TypeFactory factory, Bindings bindings) {
        GroupTypes types = asked(commands, queries, factory, bindings);
        types.refuseAmbiguous();
        return types;
    }

    private static GroupTypes asked(
            Collection<Class<?>> commands, Collection<Class<?>> queries, TypeFactory factory, Bindings bindings) {
        GroupTypes types = new GroupTypes(factory, bindings);
        // What queries reply is not compared between members, and so is no part of what replies look like.
        commands.forEach(command -> types.replies.add(types.addAsked(command, Command.class, "command")));
        queries.forEach(query -> types.addAsked(query, Query.class, "query"));
        return types;
    }

    Map<JavaType, String> exact() {
        return exact;
    }

    Map<JavaType, String> declared() {
        return declared;
    }

    Map<JavaType, String> bound() {
        return bound;
    }

    Set<JavaType> replies() {
        return replies;
    }

    /** What it declares as its reply. */
    private JavaType addAsked(Class<?> asked, Class<?> kind, String word) {
        String name = asked.getSimpleName();
        if (asked.getTypeParameters().length > 0) {
            throw new IllegalArgumentException(
                    "The " + word + " " + name + " is generic, so its bytes would not tell what is in"
                            + " it. Make it a record without type parameters.");
        }
        add(factory.constructType(asked), "the " + word + " " + name);
        JavaType[] arguments = factory.findTypeParameters(factory.constructType(asked), kind);
        Class<?> reply = arguments == null || arguments.length == 0 ? Object.class : arguments[0].getRawClass();
        String interfaceName = kind.getSimpleName();
        if (arguments == null || reply == Object.class) {
            throw new IllegalArgumentException("The " + word + " " + name
                    + " does not say of which type its reply is. Let it implement " + interfaceName
                    + "<R> with a definite R, for example " + interfaceName + "<Long>.");
        }
        if (reply == Void.class) {
            throw new IllegalArgumentException("The " + word + " " + name
                    + " declares a reply of type Void, but null is no reply. Declare a record without components, or"
                    + " the new state.");
        }
        add(arguments[0], "the reply of " + name);
        return arguments[0];
    }

    private void addState(Class<?> state, Object initial) {
        boolean known =
                declared.keySet().stream().anyMatch(type -> type.getRawClass().isInstance(initial));
        if (known) {
            return;
        }
        if (state.getTypeParameters().length > 0 && bindings.of(state) == null) {
            throw new IllegalArgumentException(
                    "The state is a " + state.getName() + ", and a generic value does not tell what is in it."
                            + " Wrap it in a record, for example record Ledger(Map<String, Long> balances).");
        }
        add(factory.constructType(state), "the state");
        for (Class<?> family : SealedTypes.familiesOf(state)) {
            // A Long belongs to a sealed family of the JDK; a state is only ever declared by a family of the user's
            // own.
            if (family.getTypeParameters().length == 0 && !family.getName().startsWith("java.")) {
                add(factory.constructType(family), "the state");
            }
        }
    }

    private void add(JavaType type, String where) {
        Class<?> raw = type.getRawClass();
        // Pekko binds java.util.Optional, but its serializer wants bindings of what is in it.
        boolean holder = type.isReferenceType() || (type.isContainerType() && type.containedTypeCount() > 0);
        if (!holder && isBound(raw, where)) {
            bound.putIfAbsent(type, where);
        } else if (type.containedTypeCount() > 0) {
            declared.putIfAbsent(type, where);
        } else if (SealedTypes.isFamily(raw)) {
            for (Class<?> member : SealedTypes.members(raw)) {
                if (member.equals(raw)) {
                    exact.putIfAbsent(type, where);
                } else {
                    add(factory.constructSpecializedType(type, member), where + " (" + member.getSimpleName() + ")");
                }
            }
        } else if (!raw.isArray() && Modifier.isAbstract(raw.getModifiers()) && !raw.isEnum()) {
            throw new IllegalArgumentException(where + " is of the type " + raw.getName() + ", which is "
                    + (raw.isInterface() ? "an interface" : "an abstract class")
                    + " that is not sealed: nobody can tell what to decode. Seal it, or declare a concrete type.");
        } else {
            exact.putIfAbsent(type, where);
        }
    }

    private boolean isBound(Class<?> type, String where) {
        try {
            Serializer serializer = bindings.of(type);
            return serializer != null;
        } catch (CodecException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }

    /** Values of two declared types of one shape cannot be told apart when they are encoded. */
    private void refuseAmbiguous() {
        List<JavaType> types = List.copyOf(declared.keySet());
        for (JavaType one : types) {
            for (JavaType other : types) {
                if (!one.equals(other) && one.getRawClass().isAssignableFrom(other.getRawClass())) {
                    throw new IllegalArgumentException(declared.get(one) + " is a " + one.toCanonical() + ", and "
                            + declared.get(other) + " is a " + other.toCanonical()
                            + ": a value does not tell which of them it is. Wrap one of them in a record.");
                }
            }
        }
    }
}
