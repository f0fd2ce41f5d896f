package io.murmuration.actor;

import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.StateMachine;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/** Users' types of all shapes, as a machine may have them. */
final class CodecTypes {
    private CodecTypes() {}

    sealed interface Change extends Command<Long> {}

    record Add(long amount) implements Change {}

    record Reset() implements Change {}

    enum Color {
        RED,
        GREEN {
            @Override
            boolean warm() {
                return false;
            }
        };

        boolean warm() {
            return true;
        }
    }

    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    sealed interface Polygon extends Shape {}

    record Square(int side) implements Polygon {}

    record Group(List<Shape> parts, Map<String, Shape> named) implements Polygon {}

    enum Nothing implements Shape {
        NOTHING,
        REALLY_NOTHING {}
    }

    record Inner(String text, Optional<Inner> next) {}

    /** Holds nearly everything that a record may hold. */
    @SuppressWarnings("ArrayRecordComponent") // users may have them, and equals looks into them here
    record Rich(
            byte[] bytes,
            Optional<String> maybe,
            OptionalLong number,
            Instant at,
            Duration lasting,
            ZonedDateTime zoned,
            Color color,
            List<Inner> inners,
            SortedMap<String, Long> sorted,
            Set<Color> colors,
            Map<Color, List<Shape>> shapes,
            Shape shape,
            Polygon polygon,
            UUID id,
            BigDecimal amount,
            char letter,
            long[] numbers,
            String unicode)
            implements Command<Answer> {
        boolean isEmpty() {
            return false;
        }

        public String getSummary() {
            return "not a component";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Rich that
                    && Arrays.equals(bytes, that.bytes)
                    && Arrays.equals(numbers, that.numbers)
                    && parts().equals(that.parts());
        }

        @Override
        public int hashCode() {
            return parts().hashCode();
        }

        private List<Object> parts() {
            return List.of(
                    maybe, number, at, lasting, zoned, color, inners, sorted, colors, shapes, shape, polygon, id,
                    amount, letter, unicode);
        }
    }

    record Answer(Shape shape, Optional<Color> color) {}

    record Names(String prefix) implements Command<List<Inner>> {}

    record Find(String key) implements Command<Optional<Shape>> {}

    record Count() implements Command<Map<String, Long>> {}

    record Draw(String what) implements Command<Shape> {}

    record Paint(Color color) implements Command<Color>, Serializable {
        private static final long serialVersionUID = 1L;
    }

    sealed interface Result<T> {}

    record Ok<T>(T value) implements Result<T> {}

    record Bad<T>(String why) implements Result<T> {}

    record Try(int times) implements Command<Result<Inner>> {}

    /** Its checks refuse any sample that is made by rote. */
    record Picky(String code) implements Command<Long> {
        Picky {
            if (!Objects.requireNonNull(code).startsWith("code-")) {
                throw new IllegalArgumentException("no code: " + code);
            }
        }
    }

    /** A machine that is never asked, with a fold for every command of a family. */
    static <S> StateMachine<S> machine(S state, Class<?> family) {
        StateMachine.Builder<S> builder = StateMachine.startingFrom(state);
        for (Class<?> command : SealedTypes.isFamily(family) ? SealedTypes.members(family) : List.of(family)) {
            builder.on(asCommand(command), (before, any, meta) -> Applied.rejected(before, "never asked"));
        }
        return builder.covering(family);
    }

    @SuppressWarnings("unchecked") // the reply is never made
    private static Class<Command<Object>> asCommand(Class<?> command) {
        return (Class<Command<Object>>) command;
    }
}
