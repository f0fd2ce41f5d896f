package io.murmuration.testkit.history;

import java.util.Arrays;

/**
 * Which operations have taken effect so far, as bits. Changed in place; its {@link #image} is small: operations take
 * effect nearly in the order of their calls, so the set is a long run of ones and a few bits behind it. Operations of
 * unknown outcome would tear holes into that run and have bits of their own.
 */
final class LinearizedSet {
    private final int answered;
    private final long[] words;
    private final long[] unknownWords;
    /** The first word that is not all ones. */
    private int lead;
    /** One past the last word that is not all zeros. */
    private int top;

    private int unknownTop;

    LinearizedSet(int answered, int unknown) {
        this.answered = answered;
        this.words = new long[(answered + 63) >>> 6];
        this.unknownWords = new long[(unknown + 63) >>> 6];
    }

    boolean contains(int id) {
        return id < answered
                ? (words[id >>> 6] & bit(id)) != 0
                : (unknownWords[(id - answered) >>> 6] & bit(id - answered)) != 0;
    }

    void add(int id) {
        if (id >= answered) {
            int word = (id - answered) >>> 6;
            unknownWords[word] |= bit(id - answered);
            unknownTop = Math.max(unknownTop, word + 1);
            return;
        }
        int word = id >>> 6;
        words[word] |= bit(id);
        top = Math.max(top, word + 1);
        while (lead < words.length && words[lead] == -1L) {
            lead++;
        }
    }

    void remove(int id) {
        if (id >= answered) {
            unknownWords[(id - answered) >>> 6] &= ~bit(id - answered);
            while (unknownTop > 0 && unknownWords[unknownTop - 1] == 0) {
                unknownTop--;
            }
            return;
        }
        int word = id >>> 6;
        words[word] &= ~bit(id);
        lead = Math.min(lead, word);
        while (top > 0 && words[top - 1] == 0) {
            top--;
        }
    }

    /** Two sets of one search are equal if and only if their images are. */
    long[] image() {
        int middle = Math.max(0, top - lead);
        long[] image = Arrays.copyOf(new long[] {(long) lead << 32 | middle}, 1 + middle + unknownTop);
        System.arraycopy(words, lead, image, 1, middle);
        System.arraycopy(unknownWords, 0, image, 1 + middle, unknownTop);
        return image;
    }

    private static long bit(int id) {
        return 1L << id;
    }
}
