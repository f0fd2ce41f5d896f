package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A disk whose forces can be held back and are counted. */
final class GatedDisk implements Disk {

    private final Disk disk;
    private final AtomicInteger forces = new AtomicInteger();
    private volatile @Nullable CountDownLatch gate;
    private volatile CountDownLatch arrived = new CountDownLatch(1);

    GatedDisk(Disk disk) {
        this.disk = disk;
    }

    /** From now on a force waits until the latch is counted down. */
    CountDownLatch holdForces() {
        CountDownLatch latch = new CountDownLatch(1);
        arrived = new CountDownLatch(1);
        gate = latch;
        return latch;
    }

    void awaitHeldForce() throws InterruptedException {
        if (!arrived.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("no force came in 20 s");
        }
    }

    int forces() {
        return forces.get();
    }

    @Override
    public Disk.File openForReading(Path file) throws IOException {
        return disk.openForReading(file);
    }

    @Override
    public Disk.File create(Path file) throws IOException {
        return new GatedFile(disk.create(file));
    }

    @Override
    public Disk.File openForWriting(Path file) throws IOException {
        return new GatedFile(disk.openForWriting(file));
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
        disk.forceFolder(folder);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return disk.lock(file);
    }

    private final class GatedFile implements Disk.File {

        private final Disk.File file;

        GatedFile(Disk.File file) {
            this.file = file;
        }

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
            CountDownLatch latch = gate;
            if (latch != null) {
                arrived.countDown();
                try {
                    if (!latch.await(20, TimeUnit.SECONDS)) {
                        throw new IOException("the test did not open the gate");
                    }
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            forces.incrementAndGet();
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
