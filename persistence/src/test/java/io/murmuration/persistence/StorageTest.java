package io.murmuration.persistence;

import static io.murmuration.persistence.JournalFixture.events;
import static io.murmuration.persistence.JournalFixture.highest;
import static io.murmuration.persistence.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data folder on a real disk. */
final class StorageTest {

    @TempDir
    private Path parent;

    private Storage open(Path folder, String node) {
        return Storage.open(new LocalDisk(), folder, node, JournalFixture.settings(4096));
    }

    @Test
    void storesOnARealDisk() throws Exception {
        Path folder = parent.resolve("n1");
        try (Storage storage = open(folder, "n1")) {
            for (int i = 1; i <= 300; i++) {
                write(storage, "a", i, "-event");
            }
            JournalFixture.delete(storage, "a", 200);
        }
        try (Storage storage = open(folder, "n1")) {
            assertThat(events(storage, "a"))
                    .hasSize(100)
                    .startsWith("201-event")
                    .endsWith("300-event");
            assertThat(highest(storage, "a")).isEqualTo(300);
        }
    }

    @Test
    void refusesASecondOpenerInThisProcessAndKeepsTheLockOfTheFirst() throws Exception {
        Path folder = parent.resolve("n1");
        try (Storage first = open(folder, "n1")) {
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatThrownBy(() -> open(folder, "n1"))
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining(folder.toString())
                        .hasMessageContaining("in use")
                        .hasMessageContaining("Stop the other process");
            }
            assertThat(lockFromAnotherProcess(folder)).isEqualTo("in use");
            write(first, "a", 1, "-one");
        }
        open(folder, "n1").close();
    }

    @Test
    void refusesAFolderThatAnotherProcessHasLocked() throws Exception {
        Path folder = parent.resolve("n1");
        open(folder, "n1").close();
        Process other = new ProcessBuilder(LockHolder.command(folder))
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");

            assertThatThrownBy(() -> open(folder, "n1")).hasMessageContaining("locked by another process");
        } finally {
            other.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
        open(folder, "n1").close();
    }

    @Test
    void refusesTheFolderOfAnotherNodeAndNamesBoth() throws Exception {
        Path folder = parent.resolve("n1");
        open(folder, "n1").close();

        assertThatThrownBy(() -> open(folder, "n2"))
                .hasMessageContaining("belongs to node n1")
                .hasMessageContaining("this is node n2")
                .hasMessageContaining("murmuration.node");
        open(folder, "n1").close();
    }

    @Test
    void refusesAFileInPlaceOfTheFolder() throws Exception {
        Path folder = Files.writeString(parent.resolve("n1"), "not a folder");

        assertThatThrownBy(() -> open(folder, "n1")).hasMessageContaining("is a file and not a folder");
        assertThatThrownBy(() -> open(folder.resolve("below"), "n1"))
                .hasMessageContaining("cannot be created because " + folder + " is not a folder");
    }

    @Test
    void refusesAFolderWhoseParentIsMissing() {
        Path missing = parent.resolve("mount");

        assertThatThrownBy(() -> open(missing.resolve("n1"), "n1"))
                .hasMessageContaining("cannot be created because " + missing)
                .hasMessageContaining("Create or mount it");
    }

    @Test
    void saysWhatToDoWhenTheFolderCannotBeWritten() {
        Disk readOnly = new ReadOnlyDisk();

        assertThatThrownBy(() -> Storage.open(readOnly, parent, "n1", JournalFixture.settings(4096)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(parent.toString())
                .hasMessageContaining("Read-only file system")
                .hasMessageContaining("right to read and write");
    }

    @Test
    void refusesANameThatIsNone() {
        assertThatThrownBy(() -> open(parent, " ")).hasMessageContaining("murmuration.node");
        assertThatThrownBy(() -> open(parent, "a\nb")).hasMessageContaining("murmuration.node");
    }

    private String lockFromAnotherProcess(Path folder) throws IOException, InterruptedException {
        Process other = new ProcessBuilder(LockHolder.command(folder))
                .redirectErrorStream(true)
                .start();
        try {
            return other.inputReader().readLine();
        } finally {
            other.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    /** A process that takes the lock of a folder and keeps it until it is killed. */
    static final class LockHolder {

        private LockHolder() {}

        static List<String> command(Path folder) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            return List.of(
                    java,
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LockHolder.class.getName(),
                    folder.toString());
        }

        public static void main(String[] args) throws Exception {
            try {
                new LocalDisk().lock(Path.of(args[0]).resolve("lock"));
                System.out.println("locked");
                // Holds the lock until the parent has seen enough and closes this process, or for a minute.
                new CountDownLatch(1).await(60, TimeUnit.SECONDS);
            } catch (FolderInUseException e) {
                System.out.println("in use");
            }
        }
    }

    /** A mounted disk that takes no change. */
    private static final class ReadOnlyDisk implements Disk {

        private static IOException refusal() {
            return new IOException("Read-only file system");
        }

        @Override
        public Disk.File openForReading(Path file) throws IOException {
            throw refusal();
        }

        @Override
        public Disk.File create(Path file) throws IOException {
            throw refusal();
        }

        @Override
        public Disk.File openForWriting(Path file) throws IOException {
            throw refusal();
        }

        @Override
        public boolean isFolder(Path path) {
            return true;
        }

        @Override
        public boolean exists(Path path) {
            return true;
        }

        @Override
        public void createFolder(Path folder) throws IOException {
            throw refusal();
        }

        @Override
        public List<String> list(Path folder) {
            return List.of();
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            throw refusal();
        }

        @Override
        public void delete(Path file) throws IOException {
            throw refusal();
        }

        @Override
        public void forceFolder(Path folder) {}

        @Override
        public java.io.Closeable lock(Path file) throws IOException {
            throw refusal();
        }
    }
}
