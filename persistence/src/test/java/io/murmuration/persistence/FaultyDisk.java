package io.murmuration.persistence;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A disk in memory that knows what was forced, counts its operations and fails or stops at any of them.
 *
 * <p>As unkind as the real thing: what was not forced may be lost, kept, or kept in part, bytes in sectors of 512 and
 * names one by one; a force that failed has dropped what it should have stored and the next one will not find it
 * (ATC'20).
 */
final class FaultyDisk implements Disk {

    /** What happens at one operation. */
    enum Fault {
        /** The process dies before the operation takes effect. */
        CRASH_BEFORE,
        /** The process dies after the operation took effect, before it hears of it. */
        CRASH_AFTER,
        /** The process dies in the middle of a write. */
        CRASH_WITHIN,
        /** The operation fails without effect. */
        FAIL,
        /** A write takes half of the bytes and says so. */
        SHORT,
        /** A write takes half of the bytes, then the disk is full for good. */
        FULL
    }

    /** The process is dead; nothing reaches the disk any more. */
    static final class Crashed extends Error {
        private static final long serialVersionUID = 1L;

        Crashed(String message) {
            super(message, null, false, false);
        }
    }

    private final DiskImage image;
    private final Set<Path> locked = new HashSet<>();
    private final Map<Integer, Fault> faults = new HashMap<>();
    private final List<String> operations = new ArrayList<>();
    private boolean crashed;
    private boolean full;
    private boolean forceIgnored;
    private int secondForces;

    FaultyDisk(Path... existingFolders) {
        this(new DiskImage(Set.of(existingFolders)), false);
    }

    private FaultyDisk(DiskImage image, boolean forceIgnored) {
        this.image = image;
        this.forceIgnored = forceIgnored;
    }

    /** Lets a fault happen at the operation of that number, counted from 0. */
    FaultyDisk at(int operation, Fault fault) {
        faults.put(operation, fault);
        return this;
    }

    /** From now on force returns at once and does nothing: the lie that the checker must find. */
    FaultyDisk ignoringForce() {
        forceIgnored = true;
        return this;
    }

    synchronized List<String> operations() {
        return List.copyOf(operations);
    }

    synchronized boolean isCrashed() {
        return crashed;
    }

    /** How often force was called on a file whose force had failed. */
    synchronized int secondForces() {
        return secondForces;
    }

    /** The process dies here. */
    synchronized void crash() {
        crashed = true;
    }

    /**
     * A process that was killed leaves the page cache behind: nothing is lost, and nothing is more durable than it was.
     */
    synchronized FaultyDisk afterKill() {
        return new FaultyDisk(image.afterKill(), forceIgnored);
    }

    /** What a machine finds when the power comes back. */
    synchronized FaultyDisk afterPowerFailure(DiskImage.Outage outage, long seed) {
        return new FaultyDisk(image.afterPowerFailure(outage, seed), forceIgnored);
    }

    /** Changes bytes of a file behind everyone's back. */
    synchronized void tamper(Path file, UnaryOperator<byte[]> change) {
        image.tamper(file, change);
    }

    /** Puts a file there, durably. */
    synchronized void put(Path file, byte[] content) {
        image.put(file, content);
    }

    synchronized byte[] content(Path file) {
        return image.content(file);
    }

    synchronized void remove(Path file) {
        image.remove(file);
    }

    synchronized List<Path> files() {
        return image.files();
    }

    /** The effect of an operation. */
    @FunctionalInterface
    private interface Effect<T> {
        T run() throws IOException;
    }

    private <T> T operate(String what, Effect<T> effect) throws IOException {
        if (crashed) {
            throw new Crashed("dead before " + what);
        }
        int number = operations.size();
        operations.add(what);
        Fault fault = faults.get(number);
        if (fault == Fault.FAIL) {
            throw new IOException("injected failure of " + what);
        }
        if (fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_WITHIN) {
            crashed = true;
            throw new Crashed("died before " + what);
        }
        T result = effect.run();
        if (fault == Fault.CRASH_AFTER) {
            crashed = true;
            throw new Crashed("died after " + what);
        }
        return result;
    }

    @Override
    public synchronized Disk.File openForReading(Path file) throws IOException {
        return operate("open " + file.getFileName(), () -> {
            DiskImage.Inode inode = image.names.get(file);
            if (inode == null) {
                throw new FileNotFoundException(file.toString());
            }
            return new MemoryFile(file, inode);
        });
    }

    @Override
    public synchronized Disk.File openForWriting(Path file) throws IOException {
        return operate("openForWriting " + file.getFileName(), () -> new MemoryFile(file, image.inode(file)));
    }

    @Override
    public synchronized Disk.File create(Path file) throws IOException {
        return operate("create " + file.getFileName(), () -> {
            if (image.names.containsKey(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            DiskImage.Inode inode = new DiskImage.Inode();
            image.change(new DiskImage.NameChange(null, file, inode));
            return new MemoryFile(file, inode);
        });
    }

    @Override
    public synchronized boolean isFolder(Path path) {
        return image.folders.contains(path);
    }

    @Override
    public synchronized boolean exists(Path path) {
        return image.folders.contains(path) || image.names.containsKey(path);
    }

    @Override
    public synchronized void createFolder(Path folder) throws IOException {
        operate("mkdir " + folder.getFileName(), () -> image.folders.add(folder) && image.unforcedFolders.add(folder));
    }

    @Override
    public synchronized List<String> list(Path folder) throws IOException {
        return operate(
                "list " + folder.getFileName(),
                () -> image.names.keySet().stream()
                        .filter(path -> folder.equals(path.getParent()))
                        .map(path -> path.getFileName().toString())
                        .toList());
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        operate("rename " + to.getFileName(), () -> {
            image.change(new DiskImage.NameChange(from, to, image.inode(from)));
            return true;
        });
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        operate("delete " + file.getFileName(), () -> {
            if (!image.names.containsKey(file)) {
                throw new FileNotFoundException(file.toString());
            }
            image.change(new DiskImage.NameChange(file, null, null));
            return true;
        });
    }

    @Override
    public synchronized void forceFolder(Path folder) throws IOException {
        operate("forceFolder " + folder.getFileName(), () -> {
            if (!forceIgnored) {
                image.forceNames(folder);
            }
            return true;
        });
    }

    @Override
    public synchronized Closeable lock(Path file) throws IOException {
        return operate("lock", () -> {
            if (!locked.add(file)) {
                throw new FolderInUseException(file + " is locked");
            }
            return () -> locked.remove(file);
        });
    }

    private final class MemoryFile implements Disk.File {

        private final Path path;
        private final DiskImage.Inode inode;

        MemoryFile(Path path, DiskImage.Inode inode) {
            this.path = path;
            this.inode = inode;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                return operate("read " + path.getFileName(), () -> {
                    if (position >= inode.cache.length) {
                        return -1;
                    }
                    int count = (int) Math.min(target.remaining(), inode.cache.length - position);
                    target.put(inode.cache, (int) position, count);
                    return count;
                });
            }
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                Fault fault = crashed ? null : faults.get(operations.size());
                boolean half = fault == Fault.SHORT || fault == Fault.FULL || fault == Fault.CRASH_WITHIN;
                int count = half ? source.remaining() / 2 : source.remaining();
                if (fault == Fault.FULL || fault == Fault.CRASH_WITHIN) {
                    store(source, position, count);
                    full = full || fault == Fault.FULL;
                }
                return operate("write " + path.getFileName() + " " + position + "+" + count, () -> {
                    if (full) {
                        throw new IOException("No space left on device");
                    }
                    store(source, position, count);
                    return count;
                });
            }
        }

        private void store(ByteBuffer source, long position, int count) {
            byte[] bytes = new byte[count];
            source.get(bytes);
            inode.cache = DiskImage.put(inode.cache, position, bytes);
            inode.unforced.add(new DiskImage.Write(position, bytes));
        }

        @Override
        public void force(boolean metadata) throws IOException {
            synchronized (FaultyDisk.this) {
                if (inode.forceFailed) {
                    secondForces++;
                }
                if (!crashed && faults.get(operations.size()) == Fault.FAIL) {
                    // The kernel marks the pages clean: they are read as written and never stored.
                    inode.forceFailed = true;
                    inode.unforced.clear();
                }
                operate("force " + path.getFileName() + " " + metadata, () -> {
                    boolean grows = inode.cache.length > inode.durable.length;
                    if (!forceIgnored) {
                        for (DiskImage.Write write : inode.unforced) {
                            boolean insideOldSize = write.position() + write.bytes().length <= inode.durable.length;
                            if (metadata || insideOldSize || !grows) {
                                inode.durable = DiskImage.put(inode.durable, write.position(), write.bytes());
                            }
                        }
                        if (metadata || !grows) {
                            inode.unforced.clear();
                        }
                    }
                    return true;
                });
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (FaultyDisk.this) {
                return operate("size " + path.getFileName(), () -> (long) inode.cache.length);
            }
        }

        @Override
        public void close() {}
    }
}
