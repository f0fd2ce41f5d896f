package io.murmuration.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.murmuration.persistence.DiskImage.Outage;
import io.murmuration.persistence.FaultyDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A snapshot is confirmed only when it is durable; damage is passed over with a warning and never served. */
final class SnapshotFolderTest {

    private static final Path FOLDER = Path.of("/disk/snapshots");
    private static final String ID = "murmuration|bank/1|n1@x";
    private final FaultyDisk disk = emptyDisk();

    private static FaultyDisk emptyDisk() {
        return new FaultyDisk(Path.of("/"), FOLDER.getParent(), FOLDER);
    }

    private static SnapshotFolder open(FaultyDisk disk) throws IOException {
        return SnapshotFolder.open(disk, FOLDER, CRC32C::new);
    }

    private static SnapshotRecord snapshot(long sequenceNr, String state) {
        return new SnapshotRecord(
                ID,
                sequenceNr,
                1000 + sequenceNr,
                null,
                SnapshotState.of(new StoredObject(7, "m", state.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    }

    private static Optional<String> load(SnapshotFolder folder, SnapshotRange range) throws IOException {
        return folder.load(ID, range)
                .map(found -> found.sequenceNr()
                        + new String(found.state().object().bytes(), java.nio.charset.StandardCharsets.UTF_8));
    }

    private static Optional<String> newest(SnapshotFolder folder) throws IOException {
        return load(folder, SnapshotRange.upTo(Long.MAX_VALUE));
    }

    @Test
    void loadsTheNewestOfTheRange() throws Exception {
        SnapshotFolder folder = open(disk);
        for (long i = 1; i <= 4; i++) {
            folder.save(snapshot(i, "-state"));
        }
        SnapshotFolder again = open(disk.afterPowerFailure(Outage.DROP_UNFORCED, 0));

        for (SnapshotFolder each : List.of(folder, again)) {
            assertThat(newest(each)).hasValue("4-state");
            assertThat(load(each, SnapshotRange.upTo(3))).hasValue("3-state");
            assertThat(load(each, new SnapshotRange(0, 9, 0, 1002))).hasValue("2-state");
            assertThat(load(each, new SnapshotRange(5, 9, 0, Long.MAX_VALUE))).isEmpty();
            assertThat(each.load("other", SnapshotRange.upTo(9))).isEmpty();
        }
    }

    @Test
    void keepsMetadataAndLargeState() throws Exception {
        byte[] state = new byte[2 * SnapshotFile.BLOCK_BYTES + 77];
        new java.util.Random(3).nextBytes(state);
        StoredObject metadata = new StoredObject(9, "meta", new byte[] {1, 2});
        open(disk).save(new SnapshotRecord(ID, 5, 6, metadata, SnapshotState.of(new StoredObject(7, "ü", state))));

        SnapshotRecord found = open(disk).load(ID, SnapshotRange.upTo(9)).orElseThrow();

        assertThat(found.state().object().bytes()).isEqualTo(state);
        assertThat(found.state().manifest()).isEqualTo("ü");
        assertThat(found.metadata()).usingRecursiveComparison().isEqualTo(metadata);
    }

    @Test
    void fallsBackToTheOlderOneWhereverTheNewestIsDamagedOrCut() throws Exception {
        SnapshotFolder folder = open(disk);
        folder.save(snapshot(1, "-older"));
        folder.save(new SnapshotRecord(ID, 2, 1002, null, SnapshotState.of(new byte[][] {
            {'-', 'n'}, {'e', 'w'}, {'e', 's', 't'}
        })));
        assertThat(newest(folder)).hasValue("2-newest");
        Path newest = disk.files().get(1);
        byte[] content = disk.content(newest);

        for (int at = 0; at < 2 * content.length; at++) {
            int position = at / 2;
            // With its highest bit the length of a block is negative.
            int mask = at % 2 == 0 ? 4 : 0x80;
            for (boolean cut : new boolean[] {false, true}) {
                FaultyDisk damaged = disk.afterPowerFailure(Outage.KEEP_ALL, 0);
                damaged.tamper(newest, bytes -> {
                    bytes[position] ^= (byte) mask;
                    return cut ? java.util.Arrays.copyOf(bytes, position) : bytes;
                });
                try (LogCapture log = new LogCapture(SnapshotFolder.class)) {
                    assertThat(newest(open(damaged)))
                            .as("damaged at %d by %d", position, mask)
                            .hasValue("1-older");
                    assertThat(log.messages())
                            .anySatisfy(message -> assertThat(message)
                                    .startsWith("WARN ")
                                    .contains("passed over a damaged snapshot", newest.toString()));
                }
            }
        }
    }

    @Test
    void refusesToActAsIfThereWereNoneWhenAllAreDamaged() throws Exception {
        open(disk).save(snapshot(1, "-only"));
        disk.tamper(disk.files().get(0), bytes -> {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        });

        assertThatThrownBy(() -> newest(open(disk)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Every snapshot");
    }

    private static Path fileOf(String persistenceId, long sequenceNr) {
        return FOLDER.resolve(new SnapshotFolder.Name(persistenceId, sequenceNr).file());
    }

    @Test
    void passesOverAFileThatHoldsAnotherSnapshotThanItsNameSays() throws Exception {
        SnapshotFolder folder = open(disk);
        folder.save(snapshot(1, "-older"));
        folder.save(snapshot(2, "-newer"));
        folder.save(snapshot(3, "-newest"));
        byte[] older = disk.content(fileOf(ID, 1));
        disk.put(fileOf(ID, 3), older);
        disk.put(fileOf(ID, 4), older);
        disk.put(fileOf("other", 2), disk.content(fileOf(ID, 2)));

        try (LogCapture log = new LogCapture(SnapshotFolder.class)) {
            SnapshotFolder again = open(disk);
            assertThat(log.messages())
                    .as("a start tells of each")
                    .hasSize(3)
                    .allSatisfy(message -> assertThat(message)
                            .startsWith("WARN ")
                            .contains("it holds another snapshot than its name says, that of "));
            for (SnapshotFolder each : List.of(folder, again)) {
                assertThat(newest(each)).hasValue("2-newer");
            }
            assertThatThrownBy(() -> again.load("other", SnapshotRange.upTo(9)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("Every snapshot of other")
                    .hasMessageContaining(
                            "that of " + fileOf(ID, 2).getFileName().toString());
        }
    }

    @Test
    void ignoresANameThatTheStoreWouldNotGive() throws Exception {
        SnapshotFolder folder = open(disk);
        folder.save(snapshot(1, "-state"));
        byte[] content = disk.content(fileOf(ID, 1));
        String name = fileOf(ID, 1).getFileName().toString();
        List<Path> others = List.of(
                FOLDER.resolve(name.replace("@1.", "@01.")),
                FOLDER.resolve(name.replace("@1.", "@1 (copy).")),
                FOLDER.resolve(name.replace("%7C", "|")));
        others.forEach(file -> disk.put(file, content));

        try (LogCapture log = new LogCapture(SnapshotFolder.class)) {
            assertThat(newest(open(disk))).hasValue("1-state");
            assertThat(log.messages())
                    .hasSize(others.size())
                    .allMatch(message -> message.contains("ignored a file that is not a snapshot"));
        }
        assertThat(disk.files()).containsAll(others);
    }

    @Test
    void replacesOneOfTheSameNumberAndDeletesByRange() throws Exception {
        SnapshotFolder folder = open(disk);
        for (long i = 1; i <= 4; i++) {
            folder.save(snapshot(i, "-state"));
        }
        folder.save(snapshot(4, "-changed"));
        assertThat(newest(folder)).hasValue("4-changed");

        folder.delete(ID, new SnapshotRange(2, 9, 0, 1003));
        FaultyDisk after = disk.afterPowerFailure(Outage.DROP_UNFORCED, 0);

        for (SnapshotFolder each : List.of(folder, open(after))) {
            assertThat(newest(each)).hasValue("4-changed");
            assertThat(load(each, SnapshotRange.upTo(3))).hasValue("1-state");
        }
    }

    @Test
    void removesWhatWasNeverFinishedAndLeavesForeignFilesAlone() throws Exception {
        disk.put(FOLDER.resolve("17.tmp"), new byte[] {1});
        disk.put(FOLDER.resolve("readme"), new byte[] {1});

        assertThat(newest(open(disk))).isEmpty();

        assertThat(disk.files()).containsExactly(FOLDER.resolve("readme"));
    }

    @Test
    void losesNothingConfirmedWhereverTheProcessOrThePowerFails() throws Exception {
        FaultyDisk whole = emptyDisk();
        runScript(whole, new TreeMap<>());
        int operations = whole.operations().size();

        int cases = 0;
        for (int at = 0; at < operations; at++) {
            for (Fault fault : Fault.values()) {
                FaultyDisk broken = emptyDisk().at(at, fault);
                Map<Long, List<String>> allowed = new TreeMap<>();
                runScript(broken, allowed);
                for (Outage outage : Outage.values()) {
                    SnapshotFolder left = open(broken.afterPowerFailure(outage, at));
                    for (long number = 1; number <= 3; number++) {
                        String found = load(left, SnapshotRange.exactly(number)).orElse("none");
                        assertThat(allowed.getOrDefault(number, List.of("none")))
                                .as("%d %s %s: snapshot %d", at, fault, outage, number)
                                .contains(found);
                        cases++;
                    }
                }
            }
        }
        System.out.println("[crash] snapshots: operations=" + operations + " cases=" + cases);
    }

    /** Saves, replaces and deletes; {@code allowed} is what may be found for each number afterwards. */
    private static void runScript(FaultyDisk disk, Map<Long, List<String>> allowed) {
        try {
            SnapshotFolder folder = open(disk);
            for (long number = 1; number <= 3; number++) {
                allowed.put(number, List.of("none", number + "-state"));
                folder.save(snapshot(number, "-state"));
                allowed.put(number, List.of(number + "-state"));
            }
            allowed.put(2L, List.of("2-state", "2-changed"));
            folder.save(snapshot(2, "-changed"));
            allowed.put(2L, List.of("2-changed"));
            allowed.put(1L, List.of("1-state", "none"));
            folder.delete(ID, SnapshotRange.exactly(1));
            allowed.put(1L, List.of("none"));
        } catch (IOException | StorageException | FaultyDisk.Crashed e) {
            // What counts is what is found later.
        }
    }

    @Test
    void aFailedForceIsFinalAndAFullDiskIsNot() throws Exception {
        SnapshotFolder folder = open(disk);
        folder.save(snapshot(1, "-state"));
        int forceAt = indexOfNext("force ");
        FaultyDisk failing = emptyDisk().at(forceAt, Fault.FAIL);
        SnapshotFolder failed = open(failing);
        FaultyDisk short1 = emptyDisk().at(indexOfNext("write"), Fault.FAIL);
        SnapshotFolder going = open(short1);

        assertThatThrownBy(() -> failed.save(snapshot(1, "-state"))).isInstanceOf(IOException.class);
        assertThat(failed.failed()).isCompleted();
        assertThatThrownBy(() -> failed.save(snapshot(2, "-state"))).hasMessageContaining("takes nothing more");
        assertThat(failing.secondForces()).isZero();
        assertThatThrownBy(() -> going.save(snapshot(1, "-state"))).isInstanceOf(IOException.class);
        going.save(snapshot(1, "-again"));
        assertThat(newest(going)).hasValue("1-again");
        assertThat(short1.files()).hasSize(1);
    }

    private int indexOfNext(String prefix) {
        List<String> operations = new ArrayList<>(disk.operations());
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i).startsWith(prefix)) {
                return i;
            }
        }
        throw new AssertionError("no " + prefix);
    }
}
