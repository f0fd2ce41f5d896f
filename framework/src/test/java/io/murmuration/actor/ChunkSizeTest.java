package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

class ChunkSizeTest {
    private static Config artery(String setting) {
        return ConfigFactory.parseString("pekko.remote.artery." + setting).withFallback(ConfigFactory.load());
    }

    @Test
    void isLargeOnTheStreamForLargeMessages() {
        assertThat(ChunkSize.of(artery("large-message-destinations=[\"/system/murmuration/*/snapshots\"]"), "bank"))
                .isEqualTo(ChunkSize.LARGE);
        assertThat(ChunkSize.of(artery("large-message-destinations=[\"/system/murmuration/bank/snapshots\"]"), "bank"))
                .isEqualTo(ChunkSize.LARGE);
    }

    @Test
    void fitsIntoAnOrdinaryFrameOtherwise() {
        assertThat(ChunkSize.of(ConfigFactory.load(), "bank")).isEqualTo(128 << 10);
        assertThat(ChunkSize.of(artery("large-message-destinations=[\"/system/murmuration/*/log\"]"), "bank"))
                .isEqualTo(128 << 10);
        assertThat(ChunkSize.of(artery("large-message-destinations=[\"/system/murmuration/till/snapshots\"]"), "bank"))
                .isEqualTo(128 << 10);
        assertThat(ChunkSize.of(artery("large-message-destinations=[\"/system/*\"]"), "bank"))
                .isEqualTo(128 << 10);
    }

    @Test
    void neverExceedsHalfOfTheFrame() {
        assertThat(ChunkSize.of(artery("advanced.maximum-frame-size = 64 KiB"), "bank"))
                .isEqualTo(32 << 10);
    }
}
