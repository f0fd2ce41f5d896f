package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An inspection of a folder on a real disk: who may look, and that looking leaves no trace. */
final class InspectedFolderTest {

    @TempDir
    private Path parent;

    private Path used(String name) throws Exception {
        Path folder = parent.resolve(name);
        try (Storage storage = Storage.open(new LocalDisk(), folder, "n1", JournalFixture.settings(4096))) {
            for (int i = 1; i <= 100; i++) {
                JournalFixture.write(storage, "a", i, "-event");
            }
        }
        return folder;
    }

    /** What is in a folder, byte for byte, with the times of change. */
    private static Map<String, List<Object>> image(Path folder) throws IOException {
        Map<String, List<Object>> image = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                FileTime changed = Files.getLastModifiedTime(file);
                Object content =
                        Files.isDirectory(file) ? "folder" : HexFormat.of().formatHex(Files.readAllBytes(file));
                image.put(folder.relativize(file).toString(), List.of(changed, content));
            }
        }
        return image;
    }

    private static void writable(Path folder, boolean allowed) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                assertThat(file.toFile().setWritable(allowed)).isTrue();
            }
        }
    }

    @Test
    void leavesNoTraceAlsoOfAFolderThatCannotBeWritten() throws Exception {
        Path folder = used("n1");
        Map<String, List<Object>> before = image(folder);

        try (JournalInspection inspection = JournalInspection.of(folder)) {
            assertThat(inspection.streams().get(0).highest()).isEqualTo(100);
        }
        writable(folder, false);
        try (JournalInspection inspection = JournalInspection.of(folder)) {
            assertThat(inspection.folder()).isEqualTo(folder);
            assertThat(inspection.damages()).isEmpty();
        } finally {
            writable(folder, true);
        }

        assertThat(before).containsKeys("lock", "node.id");
        assertThat(image(folder)).isEqualTo(before);
    }

    @Test
    void createsNoLockFileWhereThereIsNone() throws Exception {
        Path folder = used("n1");
        Files.delete(folder.resolve("lock"));
        Map<String, List<Object>> before = image(folder);

        JournalInspection.of(folder).close();

        assertThat(image(folder)).isEqualTo(before);
    }

    @Test
    void refusesAFolderInUseAndLeavesItsLockAlone() throws Exception {
        Path folder = parent.resolve("n1");
        try (Storage running = Storage.open(new LocalDisk(), folder, "n1", JournalFixture.settings(4096))) {
            JournalFixture.write(running, "a", 1, "-event");

            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> JournalInspection.of(folder))
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("in use")
                        .hasMessageContaining("Stop the other process, or copy the folder");
            }
            assertThat(lockFromAnotherProcess(folder, true)).isEqualTo("in use");
        }
        assertThat(lockFromAnotherProcess(folder, false)).isEqualTo("locked");
        JournalInspection.of(folder).close();
    }

    @Test
    void keepsANodeFromStartingWhileItLooks() throws Exception {
        Path folder = used("n1");

        try (JournalInspection inspection = JournalInspection.of(folder)) {
            assertThat(lockFromAnotherProcess(folder, true)).isEqualTo("in use");
            assertThat(inspection.damages()).isEmpty();
        }

        Storage.open(new LocalDisk(), folder, "n1", JournalFixture.settings(4096))
                .close();
    }

    /** Another process that tries for the lock; while it holds it, this one is refused. */
    private String lockFromAnotherProcess(Path folder, boolean expectRefusal) throws Exception {
        Process other = new ProcessBuilder(StorageTest.LockHolder.command(folder))
                .redirectErrorStream(true)
                .start();
        try {
            String said = other.inputReader().readLine();
            if (!expectRefusal) {
                assertThatThrownBy(() -> JournalInspection.of(folder))
                        .hasMessageContaining("locked by another process");
            }
            return said;
        } finally {
            other.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void readsACopyOfAFolderInUse() throws Exception {
        Path folder = parent.resolve("n1");
        Path copy = parent.resolve("copy");
        try (Storage running = Storage.open(new LocalDisk(), folder, "n1", JournalFixture.settings(1 << 20))) {
            JournalFixture.write(running, "a", 1, "-event");
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(folder.relativize(file).toString()));
                }
            }

            try (JournalInspection inspection = JournalInspection.of(copy)) {
                assertThat(inspection.damages()).isEmpty();
                assertThat(inspection.streams().get(0).records()).isEqualTo(1);
            }
        }
    }

    @Test
    void saysWhereToLookInstead() throws Exception {
        Path folder = used("n1");
        Path file = Files.writeString(parent.resolve("file"), "x");
        Path empty = Files.createDirectory(parent.resolve("empty"));
        Path foreign =
                Files.createDirectories(parent.resolve("foreign").resolve("x")).getParent();
        Path unused = Files.createDirectories(parent.resolve("unused").resolve("journal"))
                .getParent();

        assertRefused(parent.resolve("missing"), "There is no folder");
        assertRefused(file, "is a file and not a folder");
        assertRefused(empty, "is empty");
        assertRefused(foreign, "holds no journal");
        assertRefused(folder.resolve("journal"), "name the folder around it, " + folder);
        assertRefused(unused, "holds nothing yet");
    }

    private static void assertRefused(Path folder, String words) {
        assertThatThrownBy(() -> JournalInspection.of(folder))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(words);
    }
}
