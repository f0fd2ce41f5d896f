package io.murmuration.persistence;

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
 * What a disk holds: what every process reads, what would survive a power failure, and what lies between.
 *
 * <p>What was not forced survives in part at best: bytes in sectors of 512, names one by one. Not thread-safe.
 */
final class DiskImage {

    private static final int SECTOR = 512;

    /** What is left of what was not forced when the power comes back. */
    enum Outage {
        DROP_UNFORCED,
        KEEP_ALL,
        TORN,
        TORN_IN_ORDER
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Write(long position, byte[] bytes) {}

    /** A file's content: what everyone reads, what would survive, and what lies between. */
    static final class Inode {
        byte[] cache = new byte[0];
        byte[] durable = new byte[0];
        final List<Write> unforced = new ArrayList<>();
        boolean forceFailed;
    }

    /** A change of names: the old name goes, the new one points to the file; either may be missing. */
    record NameChange(
            @Nullable Path gone,
            @Nullable Path name,
            @Nullable Inode inode) {}

    final Map<Path, Inode> names = new TreeMap<>();
    final Map<Path, Inode> durableNames = new TreeMap<>();
    final List<NameChange> unforcedNames = new ArrayList<>();
    final Set<Path> folders = new HashSet<>();
    final Set<Path> unforcedFolders = new HashSet<>();

    DiskImage(Set<Path> existingFolders) {
        folders.addAll(existingFolders);
    }

    /**
     * A process that was killed leaves the page cache behind: nothing is lost, and nothing is more durable than it was.
     */
    DiskImage afterKill() {
        DiskImage next = new DiskImage(folders);
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
    DiskImage afterPowerFailure(Outage outage, long seed) {
        Random random = new Random(seed);
        DiskImage next = new DiskImage(folders);
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

    /** Makes the names in a folder durable. */
    void forceNames(Path folder) {
        unforcedFolders.removeIf(created -> folder.equals(created.getParent()));
        for (NameChange change : List.copyOf(unforcedNames)) {
            Path named = change.name() == null ? change.gone() : change.name();
            if (named != null && folder.equals(named.getParent())) {
                apply(change, durableNames);
                unforcedNames.remove(change);
            }
        }
    }

    /** Changes bytes of a file behind everyone's back. */
    void tamper(Path file, UnaryOperator<byte[]> change) {
        Inode inode = inode(file);
        inode.cache = change.apply(inode.cache.clone());
        inode.durable = inode.cache.clone();
        inode.unforced.clear();
    }

    /** Puts a file there, durably. */
    void put(Path file, byte[] content) {
        Inode inode = new Inode();
        inode.cache = content.clone();
        inode.durable = content.clone();
        names.put(file, inode);
        durableNames.put(file, inode);
    }

    byte[] content(Path file) {
        return inode(file).cache.clone();
    }

    void remove(Path file) {
        names.remove(file);
        durableNames.remove(file);
    }

    List<Path> files() {
        return List.copyOf(names.keySet());
    }

    Inode inode(Path file) {
        Inode inode = names.get(file);
        if (inode == null) {
            throw new IllegalStateException("no file " + file);
        }
        return inode;
    }

    void change(NameChange change) {
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

    static byte[] put(byte[] content, long position, byte[] bytes) {
        int end = (int) position + bytes.length;
        byte[] result = end > content.length ? Arrays.copyOf(content, end) : content;
        System.arraycopy(bytes, 0, result, (int) position, bytes.length);
        return result;
    }
}
