package io.murmuration.testkit;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A rule for ArchUnit: what a fold reaches reads no clock, no randomness, no identity hash and nothing else that may
 * differ from node to node. It follows calls through all classes that were imported, and names the way to what it
 * finds.
 *
 * <pre>{@code
 * @Test
 * void foldsAreTheSameOnEveryNode() {
 *     DeterminismRule.forClassesIn("com.example.ledger").check(new ClassFileImporter().importPackages("com.example"));
 * }
 * }</pre>
 *
 * <p>Not found: the order in which a {@code HashSet} or {@code Map.of} iterates (see {@link StateMachineTestKit} and
 * {@link io.murmuration.testkit.sim.SimulatedCluster}), what goes through reflection, and calls of an interface whose
 * implementation is chosen at run time. Needs {@code com.tngtech.archunit:archunit} on the class path of the tests.
 *
 * @since 0.1.0
 */
public final class DeterminismRule {
    private static final String META_TIME = "take Meta.time() or Meta.elapsed()";
    private static final String META_RANDOM = "take Meta.random()";
    private static final String IN_COMMAND = "read it before the command is made, and put the value into the command";
    private static final String NAME_IT = "name the locale, zone or charset";

    /**
     * What must not be reached.
     *
     * @param owner the full name of a class, or the beginning of one that ends with a dot
     * @param members the names of methods and constructors, or none for all
     * @param parameters how many parameters they have, or -1 for any number
     * @param instead the way out
     */
    private record Forbidden(String owner, List<String> members, int parameters, String instead) {
        static Forbidden all(String owner, String instead) {
            return new Forbidden(owner, List.of(), -1, instead);
        }

        static Forbidden any(String owner, String instead, String... members) {
            return new Forbidden(owner, List.of(members), -1, instead);
        }

        static Forbidden exactly(String owner, int parameters, String instead, String... members) {
            return new Forbidden(owner, List.of(members), parameters, instead);
        }

        boolean covers(AccessTarget target) {
            String type = target.getOwner().getName();
            boolean owned = owner.endsWith(".") ? type.startsWith(owner) : type.equals(owner);
            return owned && (members.isEmpty() || members.contains(target.getName())) && parametersFit(target);
        }

        private boolean parametersFit(AccessTarget target) {
            return parameters < 0
                    || (target instanceof AccessTarget.CodeUnitAccessTarget called
                            && called.getRawParameterTypes().size() == parameters);
        }
    }

    private static final String NEW = JavaConstructor.CONSTRUCTOR_NAME;

    private static final List<Forbidden> FORBIDDEN = List.of(
            Forbidden.any("java.lang.System", META_TIME, "currentTimeMillis", "nanoTime"),
            Forbidden.any("java.lang.System", IN_COMMAND, "getenv", "getProperty", "getProperties", "lineSeparator"),
            Forbidden.any("java.lang.System", "compare contents", "identityHashCode"),
            Forbidden.any("java.time.Instant", META_TIME, "now"),
            Forbidden.any("java.time.LocalDate", META_TIME, "now"),
            Forbidden.any("java.time.LocalTime", META_TIME, "now"),
            Forbidden.any("java.time.LocalDateTime", META_TIME, "now"),
            Forbidden.any("java.time.OffsetDateTime", META_TIME, "now"),
            Forbidden.any("java.time.OffsetTime", META_TIME, "now"),
            Forbidden.any("java.time.ZonedDateTime", META_TIME, "now"),
            Forbidden.any("java.time.Year", META_TIME, "now"),
            Forbidden.any("java.time.YearMonth", META_TIME, "now"),
            Forbidden.any("java.time.MonthDay", META_TIME, "now"),
            Forbidden.all("java.time.Clock", META_TIME),
            Forbidden.exactly("java.util.Date", 0, META_TIME, NEW),
            Forbidden.any("java.util.Calendar", META_TIME, "getInstance"),
            Forbidden.any("java.util.GregorianCalendar", META_TIME, NEW),
            Forbidden.any("java.time.ZoneId", NAME_IT, "systemDefault"),
            Forbidden.any("java.util.TimeZone", NAME_IT, "getDefault"),
            Forbidden.any("java.util.Locale", NAME_IT, "getDefault"),
            Forbidden.any("java.nio.charset.Charset", NAME_IT, "defaultCharset"),
            Forbidden.exactly("java.lang.String", 0, NAME_IT, "toLowerCase", "toUpperCase", "getBytes"),
            Forbidden.exactly("java.lang.String", 2, NAME_IT, "format"),
            Forbidden.any("java.lang.String", NAME_IT, "formatted"),
            Forbidden.any("java.lang.Math", META_RANDOM, "random"),
            Forbidden.any("java.lang.StrictMath", META_RANDOM, "random"),
            Forbidden.exactly("java.util.Random", 0, META_RANDOM, NEW),
            Forbidden.exactly("java.util.SplittableRandom", 0, META_RANDOM, NEW),
            Forbidden.all("java.util.concurrent.ThreadLocalRandom", META_RANDOM),
            Forbidden.all("java.security.SecureRandom", META_RANDOM),
            Forbidden.any("java.util.random.RandomGenerator", META_RANDOM, "of", "getDefault"),
            Forbidden.any("java.util.UUID", META_RANDOM, "randomUUID"),
            Forbidden.exactly("java.util.Collections", 1, META_RANDOM, "shuffle"),
            Forbidden.all("java.util.IdentityHashMap", "compare contents"),
            Forbidden.all("java.util.WeakHashMap", "keep what the state needs in the state"),
            Forbidden.any("java.lang.Enum", "use its name", "hashCode"),
            Forbidden.all("java.lang.Thread", "fold on the thread that calls"),
            Forbidden.all("java.util.concurrent.Executors", "fold on the thread that calls"),
            Forbidden.all("java.util.concurrent.ForkJoinPool", "fold on the thread that calls"),
            Forbidden.all("java.nio.file.", IN_COMMAND),
            Forbidden.any("java.io.File", IN_COMMAND, "exists", "length", "list", "listFiles", "lastModified"),
            Forbidden.all("java.io.FileInputStream", IN_COMMAND),
            Forbidden.all("java.io.FileOutputStream", "let the caller act on the reply"),
            Forbidden.all("java.net.", IN_COMMAND),
            Forbidden.all("java.sql.", IN_COMMAND));

    private DeterminismRule() {}

    /**
     * The rule for classes that hold folds.
     *
     * @param packages packages, with all below them
     * @return a rule to check against classes that were imported: these, and all that they call and that is to be
     *     judged too
     */
    public static ArchRule forClassesIn(String... packages) {
        String[] withSub = Stream.of(packages)
                .map(name -> name.endsWith("..") ? name : name + "..")
                .toArray(String[]::new);
        return ArchRuleDefinition.classes()
                .that()
                .resideInAnyPackage(withSub)
                .should(reachNothingThatDiffers())
                .because("every replica folds the same commands, and must come to the same state");
    }

    /**
     * The condition alone, for rules of one's own.
     *
     * @return a condition on classes that hold folds
     */
    public static ArchCondition<JavaClass> reachNothingThatDiffers() {
        return new ArchCondition<>("reach nothing that may differ from node to node") {
            @Override
            public void check(JavaClass holder, ConditionEvents events) {
                holder.getCodeUnits().forEach(unit -> follow(holder, unit, events));
            }
        };
    }

    /** Breadth first, so that the way that is told is a shortest one. */
    private static void follow(JavaClass holder, JavaCodeUnit start, ConditionEvents events) {
        Map<JavaCodeUnit, String> ways = new LinkedHashMap<>();
        ArrayDeque<JavaCodeUnit> next = new ArrayDeque<>(List.of(start));
        ways.put(start, name(start.getOwner(), start.getName()));
        while (!next.isEmpty()) {
            JavaCodeUnit unit = next.remove();
            String way = ways.get(unit);
            unit.getAccessesFromSelf().forEach(access -> {
                AccessTarget target = access.getTarget();
                forbidden(target)
                        .ifPresent(found -> events.add(SimpleConditionEvent.violated(
                                holder,
                                way + " -> " + name(target.getOwner(), target.getName())
                                        + " may differ from node to node; " + found.instead() + " ("
                                        + access.getSourceCodeLocation() + ")")));
                called(target).filter(unseen -> !ways.containsKey(unseen)).ifPresent(unseen -> {
                    ways.put(unseen, way + " -> " + name(unseen.getOwner(), unseen.getName()));
                    next.add(unseen);
                });
            });
        }
    }

    private static Optional<Forbidden> forbidden(AccessTarget target) {
        return FORBIDDEN.stream().filter(each -> each.covers(target)).findFirst();
    }

    /** The code behind a call, if it was imported: what the JDK does inside is its own business. */
    private static Optional<JavaCodeUnit> called(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget unit
                        && !target.getOwner().getPackageName().startsWith("java")
                ? unit.resolveMember().map(JavaCodeUnit.class::cast)
                : Optional.empty();
    }

    private static String name(JavaClass owner, String member) {
        return owner.getSimpleName() + "." + (member.equals(NEW) ? "new" : member);
    }
}
