package io.murmuration.testkit.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plants each bug, and demands that what was named beforehand finds it, on a seed that the unmutated code passes. */
@Execution(ExecutionMode.CONCURRENT)
final class MutantsIT {
    static List<Mutant> mutants() {
        return Mutants.all();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isFoundByWhatWasNamed(Mutant mutant) {
        Hunt hunt = Hunt.of(mutant, mutant.from());

        Finding finding = hunt.finding();
        assertThat(finding)
                .as("The mutant survived %d seeds from %d on: %s", hunt.seeds(), mutant.from(), mutant.breaks())
                .isNotNull();
        assertThat(mutant.expected())
                .as("Seed %d found %s", hunt.seed(), finding)
                .anyMatch(Objects.requireNonNull(finding)::isBy);
        assertThat(Hunt.control(mutant, hunt.seed()))
                .as("The unmutated code on seed %d", hunt.seed())
                .isNull();
    }
}
