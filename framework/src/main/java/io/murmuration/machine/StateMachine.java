package io.murmuration.machine;

import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * An initial state, a fold for each type of command and an answer for each type of query: the whole of a replicated
 * service. A value; it holds no state of its own and knows nothing of replication, so that it is tested as plain Java.
 *
 * <pre>{@code
 * StateMachine.startingFrom(0L)
 *     .fold(Add.class, (count, add) -> count + add.amount())
 *     .fold(Reset.class, (count, reset) -> 0L)
 *     .covering(Change.class);
 * }</pre>
 *
 * @param <S> the type of the state, an immutable value
 * @since 0.1.0
 */
public final class StateMachine<S> {
    private final S initial;
    private final Map<Class<?>, Fold<S, Object, Object>> folds;
    private final Map<Class<?>, BiFunction<S, Object, Object>> answers;

    private StateMachine(
            S initial,
            Map<Class<?>, Fold<S, Object, Object>> folds,
            Map<Class<?>, BiFunction<S, Object, Object>> answers) {
        this.initial = initial;
        this.folds = Collections.unmodifiableMap(new LinkedHashMap<>(folds));
        this.answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
    }

    /**
     * Begins a machine.
     *
     * @param initial the state before the first command
     * @param <S> the type of the state
     * @return a builder that wants a fold for each type of command
     */
    public static <S> Builder<S> startingFrom(S initial) {
        return new Builder<>(Objects.requireNonNull(initial, "A machine starts from a state, not from null."));
    }

    /**
     * The state before the first command.
     *
     * @return the initial state
     */
    public S initial() {
        return initial;
    }

    /**
     * The types of command that have a fold.
     *
     * @return the classes, in the order in which they were named
     */
    public Collection<Class<?>> commands() {
        return folds.keySet();
    }

    /**
     * The types of query that have an answer.
     *
     * @return the classes, in the order in which they were named
     */
    public Collection<Class<?>> queries() {
        return answers.keySet();
    }

    /**
     * Answers one query.
     *
     * @param state a state
     * @param query the query
     * @return what the function for the query's class says
     * @throws IllegalArgumentException if no function was given for that class
     */
    public Object answer(S state, Query<?> query) {
        Class<?> type = typeOf(query);
        BiFunction<S, Object, Object> answer = answers.get(type);
        if (answer == null) {
            throw new IllegalArgumentException(noAnswer(type));
        }
        return Objects.requireNonNull(
                answer.apply(state, query),
                () -> "The answer to " + name(type) + " is null; answer with a value, for example an Optional.");
    }

    /**
     * Folds one command.
     *
     * @param state the state so far
     * @param command the command
     * @param meta what is known of the entry
     * @return what the fold for the command's class says
     * @throws IllegalArgumentException if no fold was given for that class
     */
    public Applied<S, ?> apply(S state, Command<?> command, Meta meta) {
        Class<?> type = typeOf(command);
        Fold<S, Object, Object> fold = folds.get(type);
        if (fold == null) {
            throw new IllegalArgumentException(noFold(type));
        }
        return Objects.requireNonNull(
                fold.apply(state, command, meta), () -> "The fold for " + name(type) + " returned null.");
    }

    /** Sees each command that a machine folds. */
    @FunctionalInterface
    public interface Observer {
        /**
         * A command was folded.
         *
         * @param command the command
         * @param meta what was known of the entry
         * @param before the state that the fold was given
         * @param result what the fold returned
         */
        void folded(Command<?> command, Meta meta, Object before, Applied<?, ?> result);
    }

    /**
     * The same machine, observed: for tests and tools that compare what replicas do. A fold that throws is not seen.
     *
     * @param observer is called on the folding thread after each fold; what it throws is the fold's failure
     * @return a machine of the same commands and folds
     */
    public StateMachine<S> observed(Observer observer) {
        Map<Class<?>, Fold<S, Object, Object>> seen = new LinkedHashMap<>();
        folds.forEach((type, fold) -> seen.put(type, (state, command, meta) -> {
            Applied<S, Object> result = fold.apply(state, command, meta);
            if (result != null && command instanceof Command<?> known) {
                observer.folded(known, meta, state, result);
            }
            return result;
        }));
        return new StateMachine<>(initial, seen, answers);
    }

    /** A constant of an enum may have a body, and then a class of its own. */
    private static Class<?> typeOf(Object asked) {
        return asked instanceof Enum<?> constant ? constant.getDeclaringClass() : asked.getClass();
    }

    private static String noFold(Class<?> command) {
        return "No fold for " + name(command) + "; add .on(" + command.getSimpleName() + ".class, ...).";
    }

    private static String noAnswer(Class<?> query) {
        return "No answer for " + name(query) + "; add .answering(" + query.getSimpleName() + ".class, ...).";
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }

    /**
     * Collects the folds of a machine.
     *
     * @param <S> the type of the state
     * @since 0.1.0
     */
    public static final class Builder<S> {
        private final S initial;
        private final Map<Class<?>, Fold<S, Object, Object>> folds = new LinkedHashMap<>();
        private final Map<Class<?>, BiFunction<S, Object, Object>> answers = new LinkedHashMap<>();

        private Builder(S initial) {
            this.initial = initial;
        }

        /**
         * A fold whose reply is the new state.
         *
         * @param type the class of the command, not a supertype of it
         * @param fold the next state from state and command
         * @param <C> the type of the command, which promises the state as its reply
         * @return this builder
         */
        public <C extends Command<S>> Builder<S> fold(Class<C> type, BiFunction<S, C, S> fold) {
            return on(type, (state, command, meta) -> {
                S next = Objects.requireNonNull(
                        fold.apply(state, command), () -> "The fold for " + name(type) + " returned no state.");
                return Applied.of(next, next);
            });
        }

        /**
         * A fold that replies or rejects.
         *
         * @param type the class of the command, not a supertype of it
         * @param fold the fold; javac checks that it replies what the command promises
         * @param <R> the type of the reply
         * @param <C> the type of the command
         * @return this builder
         * @throws IllegalArgumentException if the class already has a fold, or is abstract
         */
        @SuppressWarnings("unchecked") // the class that is the key is the class of the command that the fold is given
        public <R, C extends Command<R>> Builder<S> on(Class<C> type, Fold<S, C, R> fold) {
            requireConcrete(type, "a fold");
            if (folds.putIfAbsent(type, (Fold<S, Object, Object>) (Fold<S, ?, ?>) fold) != null) {
                throw new IllegalArgumentException(name(type) + " has a fold already; remove one of the two.");
            }
            return this;
        }

        /**
         * How a query is answered.
         *
         * @param type the class of the query, not a supertype of it
         * @param answer a pure function of the state and the query, which changes neither; javac checks that it answers
         *     what the query promises. It runs on the Machine's thread of whichever node is asked, so it must be quick
         *     and must not block
         * @param <R> the type of the reply
         * @param <Q> the type of the query
         * @return this builder
         * @throws IllegalArgumentException if the class already has an answer, or is abstract
         */
        @SuppressWarnings("unchecked") // the class that is the key is the class of the query that the function is given
        public <R, Q extends Query<R>> Builder<S> answering(Class<Q> type, BiFunction<S, Q, R> answer) {
            requireConcrete(type, "an answer");
            if (answers.putIfAbsent(type, (BiFunction<S, Object, Object>) (BiFunction<S, ?, ?>) answer) != null) {
                throw new IllegalArgumentException(name(type) + " has an answer already; remove one of the two.");
            }
            return this;
        }

        private static void requireConcrete(Class<?> type, String what) {
            if (Modifier.isAbstract(type.getModifiers()) && !type.isEnum()) {
                throw new IllegalArgumentException(
                        name(type) + " is abstract; give " + what + " for each record that implements it.");
            }
        }

        /**
         * Builds the machine, if every permitted type of command has a fold and every permitted type of query an
         * answer.
         *
         * @param commands the sealed interface of all commands
         * @param queries the sealed interface of all queries
         * @return the machine
         * @throws IllegalArgumentException as {@link #covering(Class)} says it, for queries likewise
         */
        public StateMachine<S> covering(Class<?> commands, Class<?> queries) {
            Set<Class<?>> permitted = new LinkedHashSet<>();
            collect(queries, permitted);
            for (Class<?> query : permitted) {
                if (!answers.containsKey(query)) {
                    throw new IllegalArgumentException(noAnswer(query));
                }
            }
            for (Class<?> query : answers.keySet()) {
                if (!permitted.contains(query)) {
                    throw new IllegalArgumentException(
                            name(query) + " has an answer but does not belong to " + name(queries) + ".");
                }
            }
            return covering(commands);
        }

        /**
         * Builds the machine, if every permitted type of command has a fold. Queries are taken as they were named.
         *
         * @param family the sealed interface of all commands
         * @return the machine
         * @throws IllegalArgumentException if the family is not sealed all the way down to final classes, or a command
         *     of it has no fold, or a fold is for a command outside of it
         */
        public StateMachine<S> covering(Class<?> family) {
            Set<Class<?>> permitted = new LinkedHashSet<>();
            collect(family, permitted);
            for (Class<?> command : permitted) {
                if (!folds.containsKey(command)) {
                    throw new IllegalArgumentException(noFold(command));
                }
            }
            for (Class<?> command : folds.keySet()) {
                if (!permitted.contains(command)) {
                    throw new IllegalArgumentException(
                            name(command) + " has a fold but does not belong to " + name(family) + ".");
                }
            }
            return new StateMachine<>(initial, folds, answers);
        }

        private static void collect(Class<?> type, Set<Class<?>> into) {
            if (type.isEnum()) {
                into.add(type);
            } else if (type.isSealed()) {
                for (Class<?> permitted : type.getPermittedSubclasses()) {
                    collect(permitted, into);
                }
                if (!Modifier.isAbstract(type.getModifiers())) {
                    into.add(type);
                }
            } else if (Modifier.isFinal(type.getModifiers())) {
                into.add(type);
            } else {
                throw new IllegalArgumentException(
                        name(type) + " is open to subclasses: nobody can tell which commands there"
                                + " are. Seal it, make it final, or make it a record.");
            }
        }
    }
}
