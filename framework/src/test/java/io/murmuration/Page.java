package io.murmuration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Markdown page in parts: what it says in code style, what its link labels stand for, and its samples. */
final class Page {
    private static final Pattern SPAN = Pattern.compile("(\\[)?`([^`]+)`(?:\\]\\[([^\\]]+)\\])?");
    private static final Pattern LABEL = Pattern.compile("^\\[([^\\]]+)\\]: (\\S+)$");
    private static final Pattern SAMPLE = Pattern.compile("^<!-- sample: (\\S+)#(\\S+) -->$");

    private static final Pattern AWAITED = Pattern.compile("^<!-- awaited: (.+) -->$");

    private final String name;
    private final List<String> awaited = new ArrayList<>();
    private final List<Integer> oddLines = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private final Map<String, String> labels = new TreeMap<>();
    private final List<Sample> samples = new ArrayList<>();

    /**
     * Text in code style.
     *
     * @param line its line, from 1
     * @param text the text
     * @param label the label of the link that it is, or an empty text
     */
    record Span(int line, String text, String label) {}

    /**
     * A block of Java.
     *
     * @param line its line, from 1
     * @param file the file that holds it, or an empty text if the page does not say
     * @param region the name between the marks in that file
     * @param lines the block
     */
    record Sample(int line, String file, String region, List<String> lines) {}

    private Page(String name) {
        this.name = name;
    }

    static Page read(SourceTree tree, Path file) {
        Page page = new Page(tree.name(file));
        List<String> lines = SourceTree.lines(file);
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).startsWith("```")) {
                int end = at + 1;
                while (end < lines.size() && !lines.get(end).startsWith("```")) {
                    end++;
                }
                page.block(lines, at, end);
                at = end;
            } else {
                page.text(lines.get(at), at + 1);
            }
        }
        return page;
    }

    private void block(List<String> lines, int begin, int end) {
        if (lines.get(begin).equals("```java") || lines.get(begin).equals("```hocon")) {
            Matcher mark = SAMPLE.matcher(begin == 0 ? "" : lines.get(begin - 1));
            boolean marked = mark.matches();
            samples.add(new Sample(
                    begin + 1,
                    marked ? mark.group(1) : "",
                    marked ? mark.group(2) : "",
                    List.copyOf(lines.subList(begin + 1, end))));
        }
    }

    private void text(String line, int number) {
        Matcher label = LABEL.matcher(line);
        if (label.matches()) {
            labels.put(label.group(1), label.group(2));
            return;
        }
        Matcher names = AWAITED.matcher(line);
        if (names.matches()) {
            awaited.addAll(List.of(names.group(1).split(" ")));
            return;
        }
        if (line.chars().filter(letter -> letter == '`').count() % 2 == 1) {
            oddLines.add(number);
        }
        Matcher span = SPAN.matcher(line);
        while (span.find()) {
            String linked = span.group(1) == null || span.group(3) == null ? "" : span.group(3);
            spans.add(new Span(number, span.group(2), linked));
        }
    }

    String name() {
        return name;
    }

    /** Names of what the page tells of and no source declares yet. */
    List<String> awaited() {
        return awaited;
    }

    List<Span> spans() {
        return spans;
    }

    /** Lines on which text in code style begins and does not end, or the other way round. */
    List<Integer> oddLines() {
        return oddLines;
    }

    /** What each label of a link stands for. */
    Map<String, String> labels() {
        return labels;
    }

    List<Sample> samples() {
        return samples;
    }
}
