package io.murmuration.testkit.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link MutantsIT} needs minutes to find out. */
final class MutantsTest {
    @ParameterizedTest
    @MethodSource("io.murmuration.testkit.mutants.Mutants#all")
    void changesCodeThatIsThere(Mutant mutant) {
        assertThat(PatchedCode.patched(mutant.bug())).isNotEmpty();
    }

    @Test
    void thePageNamesAndCountsThem() throws IOException {
        List<Mutant> all = Mutants.all();
        long simulated =
                all.stream().filter(mutant -> mutant.unitTest() == null).count();
        long amongGroups = all.stream()
                .filter(mutant -> mutant.unitTest() == null && mutant.groups() > 1)
                .count();

        assertThat(Files.readString(PatchedCode.MODULES.resolve("docs/testing.md")))
                .contains(
                        simulated + " of the " + all.size() + " are found by simulations, " + amongGroups + " of them")
                .contains(all.stream()
                        .map(mutant -> "| " + mutant.name() + " | " + mutant.source() + " | " + mutant.breaks() + " |")
                        .toList());
    }
}
