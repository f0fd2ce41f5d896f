package io.murmuration.persistence;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that knows what was forced, counts its operations and fails or stops at any of them.
 *
 * <p>As unkind as the real thing: what was not forced may be lost, kept, or kept in part, bytes in sectors of 512 and
 * names one by one; a force that failed has dropped what it should have stored and the next one will not find it
 * (ATC'20).
 */
final class FaultyDisk implements Disk {

    static final int SECTOR = 512;

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

    /** What is left of what was not forced when the power comes back. */
    enum Outage {
        DROP_UNFORCED,
        KEEP_ALL,
        TORN,
        TORN_IN_ORDER
    }

    /** The process is dead; nothing reaches the disk any more. */
    static final class Crashed extends Error {
        private static final long serialVersionUID = 1L;

        Crashed(String message) {
            super(message, null, false, false);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Write(long position, byte[] bytes) {}

    /** A file's content: what everyone reads, what would survive, and what lies between. */
    private static final class Inode {
        private byte[] cache = new byte[0];
        private byte[] durable = new byte[0];
        private final List<Write> unforced = new ArrayList<>();
        private boolean forceFailed;
    }

    /** A change of names: the old name goes, the new one points to the file; either may be missing. */
    private record NameChange(
            @Nullable Path gone,
            @Nullable Path name,
            @Nullable Inode inode) {}

    private final Map<Path, Inode> names = new TreeMap<>();
    private final Map<Path, Inode> durableNames = new TreeMap<>();
    private final List<NameChange> unforcedNames = new ArrayList<>();
    private final Set<Path> folders = new HashSet<>();
    private final Set<Path> unforcedFolders = new HashSet<>();
    private final Set<Path> locked = new HashSet<>();
    private final Map<Integer, Fault> faults = new HashMap<>();
    private final List<String> operations = new ArrayList<>();
    private boolean crashed;
    private boolean full;
    private boolean forceIgnored;
    private int secondForces;

    FaultyDisk(Path... existingFolders) {
        folders.addAll(List.of(existingFolders));
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
        FaultyDisk next = new FaultyDisk(folders.toArray(Path[]::new));
        next.forceIgnored = forceIgnored;
        next.unforcedFolders.addAll(unforcedFolders);
        Map<Inode, Inode> copies = new HashMap<>();
        names.forEach((path, inode) -> next.names.put(path, copy(inode, copies)));
        durableNames.forEach((path, inode) -> next.durableNames.put(path, copy(inode, copies)));
        for (NameChange change : unforcedNames) {
            Inode inode = change.inode();
            next.unforcedNames.add(
                    new NameChange(change.gone(), change.name(), inode == null ? null : copy(inode, copies)));
        }
        return next;
    }

    private static Inode copy(Inode inode, Map<Inode, Inode> copies) {
        return copies.computeIfAbsent(inode, any -> {
            Inode copy = new Inode();
            copy.cache = inode.cache.clone();
            copy.durable = inode.durable.clone();
            copy.unforced.addAll(inode.unforced);
            return copy;
        });
    }

    /** What a machine finds when the power comes back. */
    synchronized FaultyDisk afterPowerFailure(Outage outage, long seed) {
        Random random = new Random(seed);
        FaultyDisk next = new FaultyDisk(folders.toArray(Path[]::new));
        next.forceIgnored = forceIgnored;
        Map<Path, Inode> kept = new TreeMap<>(durableNames);
        int prefix = random.nextInt(unforcedNames.size() + 1);
        for (int i = 0; i < unforcedNames.size(); i++) {
            boolean keep = switch (outage) {
                case DROP_UNFORCED -> false;
                case KEEP_ALL -> true;
                case TORN -> random.nextBoolean();
                case TORN_IN_ORDER -> i < prefix;
            };
            if (keep) {
                apply(unforcedNames.get(i), kept);
            }
        }
        if (outage != Outage.KEEP_ALL) {
            next.folders.removeAll(unforcedFolders);
            next.folders.removeIf(
                    folder -> !next.folders.contains(folder.getParent()) && isBelow(folder, unforcedFolders));
            kept.keySet().removeIf(path -> isBelow(path, unforcedFolders));
        }
        kept.forEach((path, inode) -> {
            Inode survivor = new Inode();
            survivor.durable = survivingContent(inode, outage, random);
            survivor.cache = survivor.durable.clone();
            next.names.put(path, survivor);
            next.durableNames.put(path, survivor);
        });
        return next;
    }

    private static boolean isBelow(Path path, Set<Path> lost) {
        return lost.stream().anyMatch(folder -> !path.equals(folder) && path.startsWith(folder));
    }

    private static byte[] survivingContent(Inode inode, Outage outage, Random random) {
        byte[] content = inode.durable.clone();
        int prefix = random.nextInt(inode.unforced.size() + 1);
        for (int i = 0; i < inode.unforced.size(); i++) {
            Write write = inode.unforced.get(i);
            int sector = (int) (write.position() / SECTOR);
            int from = 0;
            while (from < write.bytes().length) {
                int to = (int) Math.min(write.bytes().length, (long) (sector + 1) * SECTOR - write.position());
                boolean keep = switch (outage) {
                    case DROP_UNFORCED -> false;
                    case KEEP_ALL -> true;
                    case TORN -> random.nextBoolean();
                    case TORN_IN_ORDER -> i < prefix || (i == prefix && random.nextBoolean());
                };
                if (keep) {
                    content = put(content, write.position() + from, Arrays.copyOfRange(write.bytes(), from, to));
                }
                from = to;
                sector++;
            }
        }
        return content;
    }

    /** Changes bytes of a file behind everyone's back. */
    synchronized void tamper(Path file, UnaryOperator<byte[]> change) {
        Inode inode = inode(file);
        inode.cache = change.apply(inode.cache.clone());
        inode.durable = inode.cache.clone();
        inode.unforced.clear();
    }

    /** Puts a file there, durably. */
    synchronized void put(Path file, byte[] content) {
        Inode inode = new Inode();
        inode.cache = content.clone();
        inode.durable = content.clone();
        names.put(file, inode);
        durableNames.put(file, inode);
    }

    synchronized byte[] content(Path file) {
        return inode(file).cache.clone();
    }

    synchronized void remove(Path file) {
        names.remove(file);
        durableNames.remove(file);
    }

    synchronized List<Path> files() {
        return List.copyOf(names.keySet());
    }

    private Inode inode(Path file) {
        Inode inode = names.get(file);
        if (inode == null) {
            throw new IllegalStateException("no file " + file);
        }
        return inode;
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
            Inode inode = names.get(file);
            if (inode == null) {
                throw new FileNotFoundException(file.toString());
            }
            return new MemoryFile(file, inode);
        });
    }

    @Override
    public synchronized Disk.File create(Path file) throws IOException {
        return operate("create " + file.getFileName(), () -> {
            if (names.containsKey(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            Inode inode = new Inode();
            change(new NameChange(null, file, inode));
            return new MemoryFile(file, inode);
        });
    }

    @Override
    public synchronized boolean isFolder(Path path) {
        return folders.contains(path);
    }

    @Override
    public synchronized boolean exists(Path path) {
        return folders.contains(path) || names.containsKey(path);
    }

    @Override
    public synchronized void createFolder(Path folder) throws IOException {
        operate("mkdir " + folder.getFileName(), () -> folders.add(folder) && unforcedFolders.add(folder));
    }

    @Override
    public synchronized List<String> list(Path folder) throws IOException {
        return operate(
                "list " + folder.getFileName(),
                () -> names.keySet().stream()
                        .filter(path -> folder.equals(path.getParent()))
                        .map(path -> path.getFileName().toString())
                        .toList());
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        operate("rename " + to.getFileName(), () -> {
            change(new NameChange(from, to, inode(from)));
            return true;
        });
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        operate("delete " + file.getFileName(), () -> {
            if (!names.containsKey(file)) {
                throw new FileNotFoundException(file.toString());
            }
            change(new NameChange(file, null, null));
            return true;
        });
    }

    @Override
    public synchronized void forceFolder(Path folder) throws IOException {
        operate("forceFolder " + folder.getFileName(), () -> {
            if (!forceIgnored) {
                unforcedFolders.removeIf(created -> folder.equals(created.getParent()));
                for (NameChange change : List.copyOf(unforcedNames)) {
                    Path named = change.name() == null ? change.gone() : change.name();
                    if (named != null && folder.equals(named.getParent())) {
                        apply(change, durableNames);
                        unforcedNames.remove(change);
                    }
                }
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

    private void change(NameChange change) {
        apply(change, names);
        unforcedNames.add(change);
    }

    private static void apply(NameChange change, Map<Path, Inode> target) {
        if (change.gone() != null) {
            target.remove(change.gone());
        }
        if (change.name() != null && change.inode() != null) {
            target.put(change.name(), change.inode());
        }
    }

    private static byte[] put(byte[] content, long position, byte[] bytes) {
        int end = (int) position + bytes.length;
        byte[] result = end > content.length ? Arrays.copyOf(content, end) : content;
        System.arraycopy(bytes, 0, result, (int) position, bytes.length);
        return result;
    }

    private final class MemoryFile implements Disk.File {

        private final Path path;
        private final Inode inode;

        MemoryFile(Path path, Inode inode) {
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
            inode.cache = put(inode.cache, position, bytes);
            inode.unforced.add(new Write(position, bytes));
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
                        for (Write write : inode.unforced) {
                            boolean insideOldSize = write.position() + write.bytes().length <= inode.durable.length;
                            if (metadata || insideOldSize || !grows) {
                                inode.durable = put(inode.durable, write.position(), write.bytes());
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
