package io.murmuration.core.apply;

import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.machine.StateMachine;
import java.util.UUID;

/**
 * What a {@link Machine} is made from, whatever state it starts with.
 *
 * @param group the group's name, for errors
 * @param self whose machine it is
 * @param machine initial state and folds
 * @param codec decodes commands and encodes replies
 * @param settings its bounds
 * @param shape stands for how this node encodes replies ({@link Codec#replyShape}): machines of one shape are compared
 * @param <S> the type of the state
 */
public record Blueprint<S>(
        String group, Peer self, StateMachine<S> machine, Codec codec, MachineSettings settings, long shape) {
    private static final Peer NOBODY = new Peer("", new UUID(0, 0));

    /** Checks that there is a shape. */
    public Blueprint {
        if (shape == OutcomeChain.MIXED) {
            throw new IllegalArgumentException(
                    "The shape of replies of group " + group + " is 0, which stands for none; give any other number.");
        }
    }

    /**
     * With the shape that the codec tells.
     *
     * @param group the group's name, for errors
     * @param self whose machine it is
     * @param machine initial state and folds
     * @param codec decodes commands and encodes replies
     * @param settings its bounds
     */
    public Blueprint(String group, Peer self, StateMachine<S> machine, Codec codec, MachineSettings settings) {
        this(group, self, machine, codec, settings, codec.replyShape());
    }

    /** A machine of nobody, for tools and tests: it belongs to no group, so it is compared with nothing. */
    static <S> Blueprint<S> alone(String group, StateMachine<S> machine, Codec codec) {
        return new Blueprint<>(group, NOBODY, machine, codec, MachineSettings.DEFAULT);
    }

    Folded<S> initial(Members base) {
        return new Folded<>(this, base);
    }
}
