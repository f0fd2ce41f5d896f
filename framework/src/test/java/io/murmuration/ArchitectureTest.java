package io.murmuration;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The directions in which packages may depend on each other, and what a core must never touch. */
@AnalyzeClasses(packages = "io.murmuration", importOptions = ArchitectureTest.MainClasses.class)
final class ArchitectureTest {
    private static final String ACTOR = "io.murmuration.actor";
    private static final String CORE = "io.murmuration.core..";
    private static final String MACHINE = "io.murmuration.machine..";
    private static final String TOP = "io.murmuration";

    /** What the language needs, and nothing that reaches outside: everything else of the JDK is forbidden by name. */
    private static final List<String> LANGUAGE = List.of("java.", "org.jspecify.annotations.");

    private static final Pattern CORE_PACKAGE = Pattern.compile("io\\.murmuration\\.core\\.(\\w+)(\\..*)?");

    /** Leaves tests out wherever the build puts them: a second JDK has a folder of its own. */
    static final class MainClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    @ArchTest
    static final ArchRule coresImportTheirOwnPackageAndTheModelOnly = classes()
            .that()
            .resideInAPackage(CORE)
            .should(importOnlyWhatACoreMay())
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule machineImportsTheJdkOnly = classes()
            .that()
            .resideInAPackage(MACHINE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(MACHINE, "java..", "org.jspecify.annotations.."))
            .because("a fold is tested without an actor system, a log or a node")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyShellsAndTheirCallersTouchPekko = noClasses()
            .that()
            .resideOutsideOfPackages(TOP, ACTOR, ACTOR + "..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.pekko..", "scala..", "com.typesafe.."))
            .because("rules are pure and Pekko is the shells' business")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule shellsDoNotCallTheirUsers = noClasses()
            .that()
            .resideInAnyPackage(CORE, MACHINE)
            .should()
            .dependOnClassesThat(resideInAnyPackage(TOP, ACTOR, ACTOR + ".."))
            .because("dependencies run from the top to the core")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule coresReadNoClock = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .accessTargetWhere(callsAnyOf("java.lang.System", Set.of("currentTimeMillis", "nanoTime")))
            .orShould()
            .accessTargetWhere(callsInPackage("java.time", Set.of("now", "systemUTC", "systemDefaultZone")))
            .orShould()
            .dependOnClassesThat(named("java.time.Clock", "java.time.InstantSource"))
            .because("time comes in as a parameter, so that a simulator can decide it")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule coresDrawNoRandomNumbers = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .accessTargetWhere(callsAnyOf("java.lang.Math", Set.of("random")))
            .orShould()
            .accessTargetWhere(callsAnyOf("java.util.UUID", Set.of("randomUUID")))
            .orShould()
            .accessTargetWhere(callsAnyOf("java.lang.System", Set.of("identityHashCode")))
            .orShould()
            .accessTargetWhere(callsAnyOf("java.util.random.RandomGenerator", Set.of("of", "getDefault")))
            .orShould()
            .dependOnClassesThat(named(
                    "java.util.Random",
                    "java.util.SplittableRandom",
                    "java.util.concurrent.ThreadLocalRandom",
                    "java.security.SecureRandom"))
            .because("randomness comes in as a parameter, so that a run can be repeated")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule coresStartNoThreadAndTakeNoLock = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.concurrent.."))
            .orShould()
            .dependOnClassesThat(named("java.lang.Thread", "java.lang.ThreadLocal", "java.util.Timer"))
            .because("a core is called by one actor and calls nobody")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule coresReachNothingOutside = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "java.nio.file..", "java.nio.channels..", "java.net..", "java.sql..", "java.util.logging.."))
            .orShould()
            .dependOnClassesThat(resideInAPackage("java.io").and(namedNot("java.io.Serializable")))
            .orShould()
            .dependOnClassesThat(named("java.lang.Process", "java.lang.ProcessBuilder", "java.lang.Runtime"))
            .orShould()
            .accessTargetWhere(
                    callsAnyOf("java.lang.System", Set.of("getenv", "getProperty", "exit", "out", "err", "getLogger")))
            .because("a core performs nothing: it returns effects")
            .allowEmptyShould(true);

    private ArchitectureTest() {}

    private static ArchCondition<JavaClass> importOnlyWhatACoreMay() {
        return new ArchCondition<>("import only the JDK, JSpecify, core.model and their own package") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (!target.isPrimitive() && !coreMayImport(item.getPackageName(), target.getName())) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /** {@code core.apply} folds commands, so it alone knows what the user writes. */
    private static boolean coreMayImport(String packageName, String targetName) {
        Matcher core = CORE_PACKAGE.matcher(packageName);
        if (!core.matches()) {
            return false;
        }
        String concern = core.group(1);
        return LANGUAGE.stream().anyMatch(targetName::startsWith)
                || targetName.startsWith("io.murmuration.core.model.")
                || targetName.startsWith("io.murmuration.core." + concern + ".")
                || (concern.equals("apply") && targetName.startsWith("io.murmuration.machine."));
    }

    private static DescribedPredicate<JavaAccess<?>> callsAnyOf(String owner, Set<String> names) {
        return DescribedPredicate.describe(
                "the target is one of " + names + " of " + owner,
                access -> access.getTargetOwner().getName().equals(owner) && names.contains(access.getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> callsInPackage(String packageName, Set<String> names) {
        return DescribedPredicate.describe(
                "the target is one of " + names + " in " + packageName,
                access -> access.getTargetOwner().getPackageName().equals(packageName)
                        && names.contains(access.getName()));
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        Set<String> all = Set.of(names);
        return DescribedPredicate.describe("are one of " + all, type -> all.contains(type.getName()));
    }

    private static DescribedPredicate<JavaClass> namedNot(String name) {
        return DescribedPredicate.not(named(name));
    }
}
