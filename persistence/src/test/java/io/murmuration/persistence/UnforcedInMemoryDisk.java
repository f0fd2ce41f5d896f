package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A disk that holds what is written in the process's memory until it is forced: whoever kills the process drops
 * everything that was not, as a power failure does. Names change at once.
 */
final class UnforcedInMemoryDisk implements Disk {

    private final Disk disk;
    private final Map<Path, Unforced> files = new ConcurrentHashMap<>();

    /** What was written to a file and not forced. */
    private static final class Unforced {
        private final List<DiskImage.Write> writes = new ArrayList<>();
    }

    UnforcedInMemoryDisk(Disk disk) {
        this.disk = disk;
    }

    private Unforced unforced(Path path) {
        return files.computeIfAbsent(path, any -> new Unforced());
    }

    @Override
    public Disk.File openForReading(Path file) throws IOException {
        return new HeldFile(disk.openForReading(file), unforced(file));
    }

    @Override
    public Disk.File openForWriting(Path file) throws IOException {
        return new HeldFile(disk.openForWriting(file), unforced(file));
    }

    @Override
    public Disk.File create(Path file) throws IOException {
        return new HeldFile(disk.create(file), unforced(file));
    }

    @Override
    public boolean isFolder(Path path) throws IOException {
        return disk.isFolder(path);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return disk.exists(path);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        disk.createFolder(folder);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
        Unforced moved = files.remove(from);
        if (moved != null) {
            files.put(to, moved);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
        files.remove(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        disk.forceFolder(folder);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return disk.lock(file);
    }

    private static final class HeldFile implements Disk.File {

        private final Disk.File file;
        private final Unforced unforced;

        HeldFile(Disk.File file, Unforced unforced) {
            this.file = file;
            this.unforced = unforced;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (unforced) {
                long end = Math.min(size(), position + target.remaining());
                if (position >= end) {
                    return -1;
                }
                byte[] bytes = new byte[(int) (end - position)];
                DiskIo.readFully(file, ByteBuffer.wrap(bytes), position);
                for (DiskImage.Write write : unforced.writes) {
                    long from = Math.max(position, write.position());
                    long to = Math.min(end, write.position() + write.bytes().length);
                    if (from < to) {
                        System.arraycopy(
                                write.bytes(), (int) (from - write.position()), bytes, (int) (from - position), (int)
                                        (to - from));
                    }
                }
                target.put(bytes);
                return bytes.length;
            }
        }

        @Override
        public int write(ByteBuffer source, long position) {
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            synchronized (unforced) {
                unforced.writes.add(new DiskImage.Write(position, bytes));
            }
            return bytes.length;
        }

        @Override
        public void force(boolean metadata) throws IOException {
            synchronized (unforced) {
                for (DiskImage.Write write : unforced.writes) {
                    DiskIo.writeFully(file, ByteBuffer.wrap(write.bytes()), write.position());
                }
                unforced.writes.clear();
            }
            file.force(metadata);
        }

        @Override
        public long size() throws IOException {
            synchronized (unforced) {
                long size = file.size();
                for (DiskImage.Write write : unforced.writes) {
                    size = Math.max(size, write.position() + write.bytes().length);
                }
                return size;
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
