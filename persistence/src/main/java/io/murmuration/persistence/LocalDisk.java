package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The disk of this machine, through {@link FileChannel}. */
final class LocalDisk implements Disk {

    /**
     * The lock files that this process holds. On POSIX, closing any channel of a file drops all locks that the process
     * has on it, so a second opener in the same process must be turned away before it opens the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    @Override
    public Disk.File openForReading(Path file) throws IOException {
        return new LocalFile(FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public Disk.File create(Path file) throws IOException {
        return new LocalFile(FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public Disk.File openForWriting(Path file) throws IOException {
        return new LocalFile(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public boolean isFolder(Path path) {
        return Files.isDirectory(path);
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        Files.createDirectory(folder);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.delete(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return lock(file, false, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /**
     * Takes a lock that readers share, on a file that exists; nothing is changed by it.
     *
     * @throws FolderInUseException if another process holds the lock for itself, or another part of this one holds any
     */
    static Closeable lockForReading(Path file) throws IOException {
        return lock(file, true, StandardOpenOption.READ);
    }

    private static Closeable lock(Path file, boolean shared, OpenOption... options) throws IOException {
        Path parent = file.toAbsolutePath().normalize().getParent();
        Path key = parent == null ? file : parent.toRealPath().resolve(String.valueOf(file.getFileName()));
        if (!HELD.add(key)) {
            throw new FolderInUseException(file + " is locked by this process");
        }
        try {
            FileChannel channel = FileChannel.open(file, options);
            if (tryLock(channel, shared) == null) {
                channel.close();
                throw new FolderInUseException(file + " is locked by another process");
            }
            return () -> {
                channel.close();
                HELD.remove(key);
            };
        } catch (IOException | RuntimeException e) {
            HELD.remove(key);
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private record LocalFile(FileChannel channel) implements Disk.File {

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return channel.write(source, position);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            channel.force(metadata);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
