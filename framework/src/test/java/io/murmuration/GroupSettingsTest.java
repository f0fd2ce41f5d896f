package io.murmuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupSettingsTest {
    private static GroupSettings with(String more) {
        return GroupSettings.from(ConfigFactory.parseString("murmuration { node = n1, members = [n1, n2] }\n" + more)
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    }

    @Test
    void takesTheDefaultsOfTheReferenceConfiguration() {
        GroupSettings settings = with("");

        assertThat(settings.electionTimeout().toMillis()).isEqualTo(500);
        assertThat(settings.commandBytesMax()).isEqualTo(131_072);
        assertThat(settings.mayFound()).isTrue();
    }

    @Test
    void letsTheHistoryForThoseWhoWatchBeSwitchedOff() {
        assertThat(with("").watchBytesMax()).isEqualTo(16 << 20);
        assertThat(with("murmuration.watch-bytes-max = 0").watchBytesMax()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "murmuration.command-bytes-max = 131073, command-bytes-max",
        "murmuration.command-bytes-max = 0, command-bytes-max",
        "murmuration.election-timeout = 49 ms, election-timeout",
        "murmuration.node = \"\", murmuration.node",
        "murmuration.members = [], murmuration.members",
        "'murmuration.members = [n1, n1]', twice",
        "murmuration.found = always, when-empty",
        "murmuration.log-bytes-max = 1 KiB, log-bytes-max",
        "murmuration.watch-bytes-max = 1 KiB, watch-bytes-max",
        "murmuration.watch-bytes-max = 2 GiB, watch-bytes-max",
        "murmuration.ask-timeout = 0 s, ask-timeout"
    })
    void refusesWhatCannotWorkAndNamesTheKey(String wrong, String named) {
        assertThatThrownBy(() -> with(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }
}
