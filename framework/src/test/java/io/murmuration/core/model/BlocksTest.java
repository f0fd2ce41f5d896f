package io.murmuration.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class BlocksTest {
    private static final int BLOCK = Blocks.BLOCK_BYTES;

    private static byte[] random(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The same bytes, cut anywhere. */
    private static Blocks cut(byte[] whole, Random random) {
        List<byte[]> arrays = new ArrayList<>();
        int end;
        for (int at = 0; at < whole.length; at = end) {
            end = Math.min(whole.length, at + random.nextInt(9));
            arrays.add(Arrays.copyOfRange(whole, at, end));
        }
        return Blocks.of(arrays.toArray(byte[][]::new));
    }

    @Test
    void holdsNoBlockThatIsEmptyOrTooLarge() {
        byte[] large = random(3 * BLOCK + 5, new Random(1));

        Blocks blocks = Blocks.of(new byte[] {1}, new byte[0], large, new byte[] {2, 3});

        assertThat(blocks.arrays()).extracting(array -> array.length).containsExactly(1, BLOCK, BLOCK, BLOCK, 5, 2);
        assertThat(blocks.slice(1, 1 + large.length).joined()).isEqualTo(large);
        assertThat(Blocks.of().size()).isZero();
        assertThat(Blocks.of().arrays()).isEmpty();
    }

    @Test
    void sharesWhatFitsAndWhatLiesWhollyInASlice() {
        byte[] first = {1, 2};
        byte[] second = {3, 4};
        byte[] third = {5, 6};

        Blocks slice = Blocks.of(first, second, third).slice(1, 5);

        assertThat(slice.arrays()).containsExactly(new byte[] {2}, second, new byte[] {5});
        assertThat(slice.arrays().get(1)).isSameAs(second);
    }

    @Test
    void isWhatItsBytesAreHoweverTheyAreCut() {
        long seed = Long.getLong("murmuration.seed", 1);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] whole = random(random.nextInt(60), random);
            int from = random.nextInt(whole.length + 1);
            int to = from + random.nextInt(whole.length - from + 1);
            CRC32C checksum = new CRC32C();
            checksum.update(whole);

            Blocks blocks = cut(whole, random);

            assertThat(blocks.joined()).as("seed %d", seed).isEqualTo(whole);
            assertThat(blocks.checksum()).as("seed %d", seed).isEqualTo(checksum.getValue());
            assertThat(blocks).as("seed %d", seed).isEqualTo(cut(whole, random)).hasSameHashCodeAs(Blocks.of(whole));
            assertThat(blocks.slice(from, to).joined())
                    .as("seed %d", seed)
                    .isEqualTo(Arrays.copyOfRange(whole, from, to));
            if (whole.length > 0) {
                whole[random.nextInt(whole.length)] ^= 1;
                assertThat(blocks).as("seed %d", seed).isNotEqualTo(cut(whole, random));
            }
        }
    }

    @Test
    void refusesPartsThatAreNotThere() {
        Blocks blocks = Blocks.of(new byte[] {1, 2});

        assertThatThrownBy(() -> blocks.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> blocks.slice(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> blocks.slice(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(blocks.slice(2, 2).size()).isZero();
    }

    @Test
    void buildsOutOfBytesArraysAndBlocks() {
        byte[] some = random(BLOCK, new Random(2));
        Blocks shared = Blocks.of(new byte[] {8, 9});
        Blocks.Builder builder = new Blocks.Builder(2 * BLOCK);

        builder.add(7);
        builder.add(some, 0, BLOCK);
        builder.add(shared);
        builder.add(-1);

        Blocks built = builder.build();
        assertThat(builder.size()).isEqualTo(built.size()).isEqualTo(BLOCK + 4);
        assertThat(built).isEqualTo(Blocks.of(new byte[] {7}, some, new byte[] {8, 9, -1}));
        assertThat(built.arrays()).contains(shared.arrays().get(0)).allMatch(array -> array.length <= BLOCK);
    }

    @Test
    void takesUpLittleForLittleAndFewBlocksForMuch() {
        Blocks.Builder builder = new Blocks.Builder(Long.MAX_VALUE);
        builder.add(1);
        assertThat(builder.build().arrays()).containsExactly(new byte[] {1});
        Blocks.Builder larger = new Blocks.Builder(Long.MAX_VALUE);

        larger.add(new byte[10 * BLOCK], 0, 10 * BLOCK);

        assertThat(larger.build().arrays())
                .hasSizeLessThan(20)
                .filteredOn(array -> array.length == BLOCK)
                .hasSizeGreaterThan(7);
    }

    @Test
    void stopsWhoBuildsMoreThanTheBound() {
        Blocks.Builder builder = new Blocks.Builder(3);
        builder.add(new byte[5], 1, 3);

        assertThatThrownBy(() -> builder.add(1))
                .isInstanceOf(Blocks.TooLargeException.class)
                .hasMessageContaining("murmuration.snapshot-bytes-max (3)");
        assertThatThrownBy(() -> new Blocks.Builder(3).add(new byte[4], 0, 4))
                .isInstanceOf(Blocks.TooLargeException.class);
        assertThatThrownBy(() -> new Blocks.Builder(3).add(Blocks.of(new byte[4])))
                .isInstanceOf(Blocks.TooLargeException.class);
    }

    /** One array stands for many, so that the test needs no such memory. */
    @Test
    void countsBeyondWhatAnArrayCanHold() {
        byte[][] many = new byte[10_000][];
        Arrays.fill(many, new byte[BLOCK]);

        Blocks blocks = Blocks.of(many);

        assertThat(blocks.size()).isEqualTo(10_000L * BLOCK);
        assertThat(blocks.slice(blocks.size() - BLOCK - 1, blocks.size()).size())
                .isEqualTo(BLOCK + 1);
        assertThatThrownBy(blocks::joined)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("murmuration-cbor");
    }
}
