package io.murmuration.testkit.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link MutantsIT} needs minutes to find out. */
final class MutantsTest {
    @ParameterizedTest
    @MethodSource("io.murmuration.testkit.mutants.Mutants#all")
    void changesCodeThatIsThere(Mutant mutant) {
        assertThat(PatchedCode.patched(mutant.bug())).isNotEmpty();
    }
}
