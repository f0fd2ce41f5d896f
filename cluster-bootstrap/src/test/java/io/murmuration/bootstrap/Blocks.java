package io.murmuration.bootstrap;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.StateMachine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A state that can be made as large as a test wants it.
 *
 * @param counts how often each origin has added, and each name was drawn; never changed
 * @param blocks what was kept, in its order; never changed
 */
record Blocks(Map<String, Long> counts, List<byte[]> blocks) {
    sealed interface Change {}

    /**
     * One more, answered by the origin's new count.
     *
     * @param origin who adds
     * @param padding makes the command as large as a test wants it
     */
    record Add(String origin, String padding) implements Change, Command<Long> {}

    /**
     * Keeps a block, and answers how many there are.
     *
     * @param block the block
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Keep(byte[] block) implements Change, Command<Integer> {}

    /**
     * Draws one of these names, and answers which.
     *
     * @param names the names
     */
    record Draw(List<String> names) implements Change, Command<String> {}

    /** How a name is drawn. */
    enum Lot {
        /** The same on all nodes. */
        FAIR {
            @Override
            String draw(List<String> names, Meta meta) {
                return names.get((int) (meta.index() % names.size()));
            }
        },
        /** Planted: the order of a hash set of objects that have no hash code of their own. */
        IDENTITY {
            @Override
            String draw(List<String> names, Meta meta) {
                Set<Ticket> tickets = new HashSet<>();
                names.forEach(name -> tickets.add(new Ticket(name)));
                return tickets.iterator().next().name;
            }
        },
        /** Planted: a clock. */
        CLOCK {
            @Override
            String draw(List<String> names, Meta meta) {
                return names.get((int) (System.currentTimeMillis() % names.size()));
            }
        };

        abstract String draw(List<String> names, Meta meta);
    }

    private static final class Ticket {
        private final String name;

        Ticket(String name) {
            this.name = name;
        }
    }

    static StateMachine<Blocks> machine(Lot lot) {
        return StateMachine.startingFrom(new Blocks(Map.of(), List.of()))
                .on(Add.class, (state, add, meta) -> {
                    Blocks next = state.counting(add.origin());
                    return Applied.of(next, next.counts.get(add.origin()));
                })
                .on(Keep.class, (state, keep, meta) -> {
                    List<byte[]> blocks = new ArrayList<>(state.blocks.size() + 1);
                    blocks.addAll(state.blocks);
                    blocks.add(keep.block());
                    return Applied.of(new Blocks(state.counts, blocks), blocks.size());
                })
                .on(Draw.class, (state, draw, meta) -> {
                    String drawn = lot.draw(draw.names(), meta);
                    return Applied.of(state.counting(drawn), drawn);
                })
                .covering(Change.class);
    }

    private Blocks counting(String name) {
        Map<String, Long> next = new TreeMap<>(counts);
        next.merge(name, 1L, Long::sum);
        return new Blocks(next, blocks);
    }

    /** As the children answer it. */
    @Override
    public String toString() {
        return new TreeMap<>(counts).entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
