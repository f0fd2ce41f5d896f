package io.murmuration.actor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Golden files: the bytes of samples as they were when a format was made. One file for each type and version, named
 * {@code TYPE.vVERSION.MANIFEST.hex}; each sample is a line with its label, then its bytes in hexadecimal. What can be
 * read today must be readable for ever, so a file is only ever added; {@code -Dgolden.rewrite=true} writes those of the
 * current versions.
 */
final class CodecGoldens {
    private static final int BYTES_A_LINE = 32;

    private final Path folder;
    private final SerializerWithStringManifest serializer;

    CodecGoldens(String name, SerializerWithStringManifest serializer) {
        this.folder = Path.of("src", "test", "resources", "golden", name);
        this.serializer = serializer;
        assertThat(Path.of("src", "test")).as("run from the module's folder").isDirectory();
    }

    /** Each sample is written to exactly its golden bytes, and each golden is read as exactly its sample. */
    void check(Map<String, ?> samples, Function<Object, Class<?>> type) {
        Map<String, Map<String, byte[]>> current = files(samples, type);
        if (Boolean.getBoolean("golden.rewrite")) {
            current.forEach(this::rewrite);
        }
        current.forEach((file, byLabel) -> {
            Map<String, byte[]> golden = read(folder.resolve(file));
            assertThat(hex(byLabel)).as("written now, and in " + file).isEqualTo(hex(golden));
        });
        for (Path file : list()) {
            String manifest = file.getFileName().toString().split("\\.", -1)[2];
            read(file).forEach((label, bytes) -> {
                assertThat(samples).as("samples with the label in " + file).containsKey(label);
                assertThat(decode(manifest, bytes)).as(label).isEqualTo(samples.get(label));
            });
        }
    }

    private Map<String, Map<String, byte[]>> files(Map<String, ?> samples, Function<Object, Class<?>> type) {
        Map<String, Map<String, byte[]>> files = new TreeMap<>();
        samples.forEach((label, sample) -> {
            byte[] bytes = serializer.toBinary(sample);
            String file =
                    type.apply(sample).getSimpleName() + ".v" + bytes[0] + "." + serializer.manifest(sample) + ".hex";
            files.computeIfAbsent(file, any -> new LinkedHashMap<>()).put(label, bytes);
        });
        return files;
    }

    private Object decode(String manifest, byte[] bytes) {
        try {
            return serializer.fromBinary(bytes, manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Path> list() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rewrite(String file, Map<String, byte[]> byLabel) {
        List<String> lines = new ArrayList<>();
        byLabel.forEach((label, bytes) -> {
            lines.add("# " + label);
            HexFormat hex = HexFormat.ofDelimiter(" ");
            for (int from = 0; from < bytes.length; from += BYTES_A_LINE) {
                lines.add(hex.formatHex(bytes, from, Math.min(bytes.length, from + BYTES_A_LINE)));
            }
        });
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(file), String.join("\n", lines) + "\n", UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> read(Path file) {
        Map<String, StringBuilder> byLabel = new LinkedHashMap<>();
        String label = "";
        try {
            for (String line : Files.readAllLines(file, UTF_8)) {
                if (line.startsWith("# ")) {
                    label = line.substring(2);
                    byLabel.put(label, new StringBuilder());
                } else {
                    byLabel.get(label).append(line.replace(" ", ""));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "No golden file " + file + "; run the tests with -Dgolden.rewrite=true once and look at it.", e);
        }
        Map<String, byte[]> golden = new LinkedHashMap<>();
        byLabel.forEach((key, digits) -> golden.put(key, HexFormat.of().parseHex(digits)));
        return golden;
    }

    private static Map<String, String> hex(Map<String, byte[]> byLabel) {
        Map<String, String> hex = new LinkedHashMap<>();
        byLabel.forEach((label, bytes) -> hex.put(label, HexFormat.of().formatHex(bytes)));
        return hex;
    }
}
