package io.murmuration.testkit.history;

import java.util.ArrayList;
import java.util.List;

/** Collects what was found wrong, the first ten of it in words. */
final class Violations {
    private static final int SHOWN = 10;
    private static final int CHARACTERS_MAX = 500;

    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String sentence) {
        count++;
        if (first.size() < SHOWN) {
            first.add(sentence);
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** One sentence per line. */
    String text() {
        String more = count > SHOWN ? "\nThere are " + (count - SHOWN) + " more violations." : "";
        return String.join("\n", first) + more;
    }

    /** The first names of a list. */
    static String some(List<String> names) {
        List<String> sorted = names.stream().sorted().toList();
        return sorted.size() <= SHOWN
                ? String.join(", ", sorted)
                : String.join(", ", sorted.subList(0, SHOWN)) + " and " + (sorted.size() - SHOWN) + " more";
    }

    /** A state as far as a person wants to read it. */
    static String shortened(Object state) {
        String text = state.toString();
        return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "...";
    }
}
