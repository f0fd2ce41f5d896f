package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** The real disk of this process, whose forces can be made to hang. */
public final class StallingDisk implements Disk {
    private static final Object GATE = new Object();
    private static boolean stalled;

    private final Disk disk;

    private StallingDisk(Disk disk) {
        this.disk = disk;
    }

    /** To be called before the storage is opened. */
    public static void install() {
        MurmurationStorage.disks = StallingDisk::new;
    }

    /** From now on forces hang, or go on. */
    public static void stall(boolean on) {
        synchronized (GATE) {
            stalled = on;
            GATE.notifyAll();
        }
    }

    private static void pass() throws IOException {
        synchronized (GATE) {
            while (stalled) {
                try {
                    GATE.wait();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }
    }

    @Override
    public File openForReading(Path file) throws IOException {
        return disk.openForReading(file);
    }

    @Override
    public File create(Path file) throws IOException {
        return new Stalling(disk.create(file));
    }

    @Override
    public File openForWriting(Path file) throws IOException {
        return new Stalling(disk.openForWriting(file));
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
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        pass();
        disk.forceFolder(folder);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return disk.lock(file);
    }

    private record Stalling(File file) implements File {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return file.write(source, position);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            pass();
            file.force(metadata);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
