package io.murmuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the pages to the code: what they show is compiled, what they name exists, and what they quote is said. Text in
 * code style that begins like a type is a name, {@code Type#member} a member; what holds a space is a quotation, in
 * which {@link #VALUE} stands for a value.
 */
final class PagesTest {
    /** Whose every name, quotation and key is checked. On the other pages only {@code Type#member} is. */
    private static final Set<String> STRICT = Set.of(
            "docs/figure-2.md",
            "docs/when-things-fail.md",
            "docs/how-it-works.md",
            "docs/members.md",
            "docs/explaining.md");

    private static final String VALUE = "\u2026";
    private static final int QUOTATION_LETTERS_MIN = 8;

    private static final Pattern NAME = Pattern.compile("[A-Z]\\w*[a-z]\\w*(?:\\.[A-Z]\\w*)*(?:#\\w+)?");
    private static final Pattern MEMBER = Pattern.compile("[A-Z]\\w*(?:\\.[A-Z]\\w*)*#\\w+");
    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*");
    private static final Pattern KEY = Pattern.compile("murmuration(?:\\.[a-z-]+)+");
    private static final Pattern WORD = Pattern.compile("[a-z][A-Za-z]*(?:-[a-z]+)*");
    private static final Pattern PLACE_OF_A_VALUE = Pattern.compile("\\{}|%[-,.0-9]*[a-z]");

    private static final Pattern MARK = Pattern.compile("// sample (\\S+) (begins|ends)");

    private static final List<Page> PAGES = Sources.TREE.endingWith(".md").stream()
            .map(file -> Page.read(Sources.TREE, file))
            .toList();

    private static final Set<String> DECLARED = Stream.of(Sources.MAIN, Sources.TEST)
            .flatMap(sources -> sources.declarations().stream())
            .collect(Collectors.toSet());

    @Test
    void findsThePagesThatItJudges() {
        assertThat(PAGES).extracting(Page::name).containsAll(STRICT);
        assertThat(DECLARED).contains("PagesTest", "PagesTest#findsThePagesThatItJudges()", "Status#role");
    }

    // ---- samples

    @Test
    void showsOnlyCodeThatIsCompiled() {
        List<String> wrong = new ArrayList<>();
        for (Page page : PAGES) {
            for (Page.Sample sample : page.samples()) {
                String at = page.name() + ":" + sample.line();
                if (sample.file().isEmpty()) {
                    wrong.add(at + " shows code without saying where it is run; put a line"
                            + " <!-- sample: FILE#NAME --> above it, and the marks into that file.");
                } else if (!sample.lines().equals(region(sample))) {
                    wrong.add(at + " differs from the region " + sample.region() + " of " + sample.file() + ":\n"
                            + String.join("\n", region(sample)));
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void showsEachSampleThatIsMarked() {
        Set<String> shown = new TreeSet<>();
        PAGES.forEach(page -> page.samples().forEach(sample -> shown.add(sample.file() + "#" + sample.region())));
        Set<String> marked = new TreeSet<>();
        List<Path> files = new ArrayList<>(Sources.TREE.endingWith(".java"));
        files.addAll(Sources.TREE.endingWith(".conf"));
        for (Path file : files) {
            for (String line : SourceTree.lines(file)) {
                Matcher mark = MARK.matcher(line.strip());
                if (mark.matches()) {
                    marked.add(Sources.TREE.name(file) + "#" + mark.group(1));
                }
            }
        }

        assertThat(marked).isEqualTo(shown);
    }

    private static List<String> region(Page.Sample sample) {
        List<String> lines = SourceTree.lines(Sources.TREE.root().resolve(sample.file()));
        List<String> stripped = lines.stream().map(String::strip).toList();
        int begin = stripped.indexOf("// sample " + sample.region() + " begins");
        int end = stripped.indexOf("// sample " + sample.region() + " ends");
        if (begin < 0 || end < begin) {
            return List.of("(there is no such region)");
        }
        int indent = lines.get(begin).indexOf('/');
        return lines.subList(begin + 1, end).stream()
                .map(line -> line.isBlank() ? "" : line.substring(indent))
                .toList();
    }

    // ---- names

    @Test
    void namesOnlyWhatExists() {
        List<String> unknown = new ArrayList<>();
        for (Page page : PAGES) {
            Pattern names = STRICT.contains(page.name()) ? NAME : MEMBER;
            for (Page.Span span : page.spans()) {
                boolean judged =
                        names.matcher(span.text()).matches() && !page.awaited().contains(span.text());
                if (judged && !exists(span.text())) {
                    unknown.add(
                            page.name() + ":" + span.line() + " names " + span.text() + ", which no source declares.");
                }
            }
        }

        assertThat(unknown).isEmpty();
    }

    @Test
    void awaitsOnlyWhatIsNotThere() {
        List<String> come = new ArrayList<>();
        for (Page page : PAGES) {
            page.awaited().stream()
                    .filter(PagesTest::exists)
                    .forEach(name -> come.add(
                            page.name() + " awaits " + name + ", which is there; take it out of its comment."));
        }

        assertThat(come).isEmpty();
    }

    /** A member of a class of tests must be a test: one that has become a helper shows nothing. */
    private static boolean exists(String name) {
        String type = name.replaceFirst("#.*", "");
        boolean test = name.contains("#") && type.matches("\\w+(Test|IT)");
        return declared(test ? name + "()" : name);
    }

    private static boolean declared(String name) {
        return DECLARED.contains(name) || DECLARED.stream().anyMatch(known -> known.endsWith("." + name));
    }

    @Test
    void linksEachNameToItsOwnFile() {
        List<String> wrong = new ArrayList<>();
        for (Page page : PAGES) {
            for (Page.Span span : page.spans()) {
                if (!span.label().isEmpty() && !labelled(page, span)) {
                    wrong.add(
                            page.name() + ":" + span.line() + " links " + span.text() + " by the label " + span.label()
                                    + ", which stands for " + page.labels().get(span.label()) + ".");
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static boolean labelled(Page page, Page.Span span) {
        String target = page.labels().get(span.label());
        return target != null
                && target.endsWith("/" + span.label() + ".java")
                && span.text().matches(Pattern.quote(span.label()) + "([.#].*)?");
    }

    // ---- words

    @Test
    void quotesOnlyWhatTheCodeSays() {
        List<String> said = Sources.MAIN.texts(VALUE).stream()
                .map(text -> PLACE_OF_A_VALUE.matcher(text).replaceAll(VALUE))
                .toList();
        List<String> wrong = new ArrayList<>();
        for (Page page : strict()) {
            for (Page.Span span : page.spans()) {
                if (span.text().contains(" ") && !isSaid(span.text(), said)) {
                    wrong.add(page.name() + ":" + span.line() + " quotes \"" + span.text() + "\", which no code says.");
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    /** What is quoted over the end of a line would not be seen. */
    @Test
    void endsEachQuotationOnItsLine() {
        List<String> open = new ArrayList<>();
        for (Page page : strict()) {
            page.oddLines().forEach(line -> open.add(page.name() + ":" + line + " leaves a quotation open."));
        }

        assertThat(open).isEmpty();
    }

    private static boolean isSaid(String quotation, List<String> said) {
        List<String> parts = List.of(quotation.split(VALUE));
        boolean telling = parts.stream().anyMatch(part -> part.length() >= QUOTATION_LETTERS_MIN);
        Pattern pattern =
                Pattern.compile(parts.stream().map(Pattern::quote).collect(Collectors.joining(".*")), Pattern.DOTALL);
        return telling && said.stream().anyMatch(text -> pattern.matcher(text).find());
    }

    @Test
    void saysOnlyWordsOfTheCode() {
        Set<String> words = new HashSet<>();
        Sources.TREE.java("src/main/java").forEach(file -> words.addAll(words(file, "[^A-Za-z0-9_-]+")));
        Sources.TREE.endingWith("pom.xml").forEach(file -> words.addAll(words(file, "[^a-z-]+")));
        Sources.TREE.endingWith(".conf").forEach(file -> words.addAll(words(file, "[^a-z-]+")));
        List<String> wrong = new ArrayList<>();
        for (Page page : strict()) {
            for (Page.Span span : page.spans()) {
                String text = span.text();
                boolean constant =
                        CONSTANT.matcher(text).matches() || WORD.matcher(text).matches();
                boolean known = constant ? words.contains(text) : knownKey(text, words);
                if (!known) {
                    wrong.add(page.name() + ":" + span.line() + " says " + text + ", which is no word of the code.");
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static boolean knownKey(String text, Set<String> words) {
        return !KEY.matcher(text).matches() || words.containsAll(List.of(text.split("\\.")));
    }

    private static Set<String> words(Path file, String between) {
        return Set.copyOf(SourceTree.lines(file).stream()
                .flatMap(line -> Stream.of(line.split(between)))
                .collect(Collectors.toSet()));
    }

    private static List<Page> strict() {
        return PAGES.stream().filter(page -> STRICT.contains(page.name())).toList();
    }
}
