package io.murmuration.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.murmuration.machine.Meta;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Finds what may differ from node to node, and lets a pure fold pass. */
final class DeterminismRuleTest {
    static final class Pure {
        Map<String, Long> fold(Map<String, Long> state, Meta meta) {
            Map<String, Long> next = new TreeMap<>(state);
            next.put(
                    "x".toUpperCase(Locale.ROOT),
                    meta.time().toEpochMilli() + meta.random().nextInt());
            next.put(String.format(Locale.ROOT, "%d", 1), new Random(meta.index()).nextLong());
            return next;
        }
    }

    static final class Clock {
        long fold() {
            return System.currentTimeMillis();
        }
    }

    static final class Reference {
        Supplier<Instant> fold() {
            return Instant::now;
        }
    }

    static final class Dice {
        int fold() {
            return new Random().nextInt();
        }
    }

    static final class Shuffled {
        void fold(List<String> list) {
            Runnable later = () -> Collections.shuffle(list);
            later.run();
        }
    }

    static final class Identity {
        int fold(Object state) {
            return System.identityHashCode(state);
        }
    }

    static final class Turkish {
        @SuppressWarnings("StringCaseLocaleUsage") // planted
        String fold(String name) {
            return name.toLowerCase();
        }
    }

    static final class Deep {
        String fold() {
            return Helper.name();
        }
    }

    static final class Helper {
        static String name() {
            return inner();
        }

        private static String inner() {
            return UUID.randomUUID().toString();
        }
    }

    static List<List<Object>> drifting() {
        return List.of(
                List.of(Clock.class, "Clock.fold -> System.currentTimeMillis may differ", "Meta.time()"),
                List.of(Reference.class, "Reference.fold -> Instant.now may differ", "Meta.time()"),
                List.of(Dice.class, "Dice.fold -> Random.new may differ", "Meta.random()"),
                List.of(Shuffled.class, "Collections.shuffle may differ", "Meta.random()"),
                List.of(Identity.class, "Identity.fold -> System.identityHashCode may differ", "compare contents"),
                List.of(Turkish.class, "Turkish.fold -> String.toLowerCase may differ", "name the locale"),
                List.of(Deep.class, "Deep.fold -> Helper.name -> Helper.inner -> UUID.randomUUID", "Meta.random()"));
    }

    @ParameterizedTest
    @MethodSource("drifting")
    void tellsTheWayToWhatDiffers(List<Object> told) {
        JavaClasses classes = new ClassFileImporter().importClasses((Class<?>) told.get(0), Helper.class);

        assertThatThrownBy(() -> rule((Class<?>) told.get(0)).check(classes))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining((String) told.get(1))
                .hasMessageContaining((String) told.get(2))
                .hasMessageContaining("DeterminismRuleTest.java:");
    }

    @Test
    void letsAPureFoldPass() {
        rule(Pure.class).check(new ClassFileImporter().importClasses(Pure.class));
    }

    @Test
    void judgesAllClassesOfAPackage() {
        JavaClasses classes = new ClassFileImporter().importPackages("io.murmuration.testkit");

        assertThat(DeterminismRule.forClassesIn("io.murmuration.testkit")
                        .evaluate(classes)
                        .getFailureReport()
                        .getDetails())
                .anyMatch(line -> line.startsWith("Deep.fold -> Helper.name"))
                .noneMatch(line -> line.startsWith("Pure."));
    }

    private static ArchRule rule(Class<?> holder) {
        return ArchRuleDefinition.classes()
                .that()
                .belongToAnyOf(holder)
                .should(DeterminismRule.reachNothingThatDiffers());
    }
}
