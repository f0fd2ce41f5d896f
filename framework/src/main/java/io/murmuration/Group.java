package io.murmuration;

import io.murmuration.machine.StateMachine;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A replicated state machine by name: all nodes that start a group of one name with the same machine form that group.
 *
 * @param name 1 to 64 letters, digits, hyphens and underscores; part of the journal's id, so it stays
 * @param machine the initial state and its folds
 * @param <S> the type of the state
 * @since 0.1.0
 */
public record Group<S>(String name, StateMachine<S> machine) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Checks the name. */
    public Group {
        Objects.requireNonNull(machine);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The group name \"" + name
                    + "\" is not usable; take 1 to 64 letters, digits, hyphens and underscores.");
        }
    }

    /**
     * A group.
     *
     * @param name its name, the same on all nodes
     * @param machine its machine
     * @param <S> the type of the state
     * @return the group, not started yet
     */
    public static <S> Group<S> of(String name, StateMachine<S> machine) {
        return new Group<>(name, machine);
    }
}
