package io.murmuration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The repository's files as a reader finds them: all modules, without what a build writes. */
final class SourceTree {
    private static final Set<String> NOT_OURS =
            Set.of(".git", ".idea", ".vscode", ".settings", "target", "node_modules", "bank-data", "counter-data");

    private final Path root;
    private final List<Path> files;

    private SourceTree(Path root, List<Path> files) {
        this.root = root;
        this.files = files;
    }

    /** The tree that holds the folder in which this JVM runs; its root is the folder with {@code .mvn}. */
    static SourceTree here() {
        Path start = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".mvn"))) {
                return new SourceTree(folder, list(folder));
            }
        }
        throw new IllegalStateException("No folder above " + start + " holds .mvn; run the tests from a checkout.");
    }

    private static List<Path> list(Path root) {
        List<Path> found = new ArrayList<>();
        collect(root, found);
        found.sort(null);
        return List.copyOf(found);
    }

    private static void collect(Path folder, List<Path> into) {
        try (Stream<Path> children = Files.list(folder)) {
            children.filter(child -> !NOT_OURS.contains(child.getFileName().toString()))
                    .forEach(child -> {
                        if (Files.isDirectory(child)) {
                            collect(child, into);
                        } else if (Files.isRegularFile(child)) {
                            into.add(child);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path root() {
        return root;
    }

    List<Path> files() {
        return files;
    }

    /** Java files of all modules below {@code src/main/java} or {@code src/test/java}. */
    List<Path> java(String sourceFolder) {
        return files.stream()
                .filter(file ->
                        name(file).contains(sourceFolder + "/") && name(file).endsWith(".java"))
                .toList();
    }

    List<Path> endingWith(String suffix) {
        return files.stream().filter(file -> name(file).endsWith(suffix)).toList();
    }

    /** The path from the root, as a violation names it. */
    String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    /** The file's text, or empty when it is not UTF-8 text (a picture, a golden file). */
    static Optional<String> text(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            for (byte b : bytes) {
                if (b == 0) {
                    return Optional.empty();
                }
            }
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path file) {
        return text(file).map(text -> text.lines().toList()).orElse(List.of());
    }
}
