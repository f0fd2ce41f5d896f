package io.murmuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps files, methods and lines small, the API documented and the pages' links whole, over all modules. */
final class TidyTest {
    private static final int FILE_LINES_MAX = 399;
    private static final int METHOD_LINES_MAX = 69;
    private static final int COLUMNS_MAX = 120;

    private static final String MAIN = "src/main/java";
    private static final String TEST = "src/test/java";

    /** The modules that users call; an example's classes are an application of their own. */
    private static final List<String> LIBRARIES =
            List.of("framework/", "persistence/", "cluster-bootstrap/", "testkit/");

    private static final Pattern LINK = Pattern.compile("\\]\\(<?([^)\\s>]+)|^\\[[^\\]]+\\]: (\\S+)");

    /** Spelled so that this file does not hold what it looks for. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.~$})-])/(tmp|work|root|home)/");

    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    private static final SourceTree TREE = Sources.TREE;
    private static final JavaSources MAIN_SOURCES = Sources.MAIN;
    private static final JavaSources TEST_SOURCES = Sources.TEST;

    @Test
    void findsTheSourcesItJudges() {
        assertThat(TREE.java(TEST))
                .contains(TREE.root().resolve("framework/src/test/java/io/murmuration/TidyTest.java"));
        assertThat(TEST_SOURCES.methodCount()).isPositive();
    }

    @Test
    void keepsFilesBelowFourHundredLines() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : TREE.java(MAIN)) {
            int lines = SourceTree.lines(file).size();
            if (lines > FILE_LINES_MAX) {
                tooLong.add(TREE.name(file) + " has " + lines + " lines; give a part of it a file of its own.");
            }
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void keepsMethodsBelowSeventyLines() {
        assertThat(MAIN_SOURCES.methodsLongerThan(METHOD_LINES_MAX)).isEmpty();
    }

    @Test
    void keepsLinesWithinTheColumns() {
        List<String> tooWide = new ArrayList<>();
        List<Path> sources = new ArrayList<>(TREE.java(MAIN));
        sources.addAll(TREE.java(TEST));
        for (Path file : sources) {
            List<String> lines = SourceTree.lines(file);
            for (int i = 0; i < lines.size(); i++) {
                int columns = lines.get(i).codePointCount(0, lines.get(i).length());
                if (columns > COLUMNS_MAX) {
                    tooWide.add(TREE.name(file) + ":" + (i + 1) + " has " + columns + " columns.");
                }
            }
        }

        assertThat(tooWide).isEmpty();
    }

    @Test
    void marksEachPackageAsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        for (Path file : TREE.java(MAIN)) {
            Path info = file.resolveSibling("package-info.java");
            if (SourceTree.lines(info.toFile().exists() ? info : file).stream().noneMatch("@NullMarked"::equals)) {
                unmarked.add(TREE.name(info) + " is missing or does not say @NullMarked.");
            }
        }

        assertThat(unmarked).isEmpty();
    }

    @Test
    void documentsThePublicApi() {
        assertThat(MAIN_SOURCES.undocumented(name -> LIBRARIES.stream().anyMatch(name::startsWith)))
                .isEmpty();
    }

    @Test
    void sleepsInNoTest() {
        assertThat(TEST_SOURCES.sleeps()).isEmpty();
    }

    @Test
    void linksOnlyToFilesThatExist() {
        List<String> broken = new ArrayList<>();
        for (Path page : TREE.endingWith(".md")) {
            for (String link : links(page)) {
                String path = link.replaceFirst("[#?].*", "");
                boolean local = !path.isEmpty() && !path.matches("[a-z]+:.*");
                if (local && !Files.exists(page.resolveSibling(path))) {
                    broken.add(TREE.name(page) + " links to " + link + ", which does not exist.");
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    private static List<String> links(Path page) {
        List<String> links = new ArrayList<>();
        boolean code = false;
        for (String line : SourceTree.lines(page)) {
            if (line.stripLeading().startsWith("```")) {
                code = !code;
            }
            Matcher link = LINK.matcher(code ? "" : line);
            while (link.find()) {
                links.add(link.group(1) == null ? link.group(2) : link.group(1));
            }
        }
        return links;
    }

    @Test
    void namesNoFolderOfOneMachine() {
        assertThat(linesWith(MACHINE_PATH)).isEmpty();
    }

    @Test
    void leavesNothingMarkedAsUnfinished() {
        assertThat(linesWith(UNFINISHED)).isEmpty();
    }

    private static List<String> linesWith(Pattern pattern) {
        List<String> found = new ArrayList<>();
        for (Path file : TREE.files()) {
            List<String> lines = SourceTree.lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    found.add(
                            TREE.name(file) + ":" + (i + 1) + " " + lines.get(i).strip());
                }
            }
        }
        return found;
    }
}
