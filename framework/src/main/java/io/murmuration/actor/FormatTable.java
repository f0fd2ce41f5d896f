package io.murmuration.actor;

import java.io.NotSerializableException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All forms of one family of types, by class and by manifest. An unknown manifest or version is an error that names
 * both; it never becomes a default (term 0 would be one).
 *
 * @param <B> the sealed interface of the types
 */
final class FormatTable<B> {
    private final String serializer;
    private final Map<Class<?>, Format<? extends B>> byType = new HashMap<>();
    private final Map<String, Format<? extends B>> byManifest = new HashMap<>();

    /**
     * A table.
     *
     * @param serializer who has it, for messages
     * @param formats the forms
     * @throws IllegalArgumentException if two forms share a manifest or a type
     */
    FormatTable(String serializer, Stream<List<Format<? extends B>>> formats) {
        this.serializer = serializer;
        formats.flatMap(List::stream).forEach(format -> {
            if (byType.put(format.type(), format) != null || byManifest.put(format.manifest(), format) != null) {
                throw new IllegalArgumentException(
                        "Two forms for " + format.type() + " or \"" + format.manifest() + "\".");
            }
        });
    }

    Collection<Format<? extends B>> all() {
        return byType.values();
    }

    /**
     * How to write a value.
     *
     * @param value the value
     * @return its form
     * @throws IllegalArgumentException if it has none
     */
    Format<? extends B> of(Object value) {
        Format<? extends B> format = byType.get(value.getClass());
        if (format == null) {
            throw new IllegalArgumentException(
                    serializer + " has no binary form for " + value.getClass().getName() + ".");
        }
        return format;
    }

    /**
     * How to read what was written under a manifest.
     *
     * @param manifest the manifest
     * @param in at the version, which stands first
     * @return the form
     */
    Format<? extends B> read(String manifest, In in) {
        int version = in.octet();
        Format<? extends B> format = byManifest.get(manifest);
        if (format == null) {
            throw new MalformedException(serializer + " does not know the manifest \"" + manifest + "\" (version "
                    + version + "): a newer version of Murmuration wrote it. Update this node.");
        }
        if (format.version() != version) {
            throw new MalformedException(
                    serializer + " reads version " + format.version() + " of manifest \"" + manifest
                            + "\" (" + format.type().getSimpleName() + "), not version " + version
                            + ": another version of Murmuration wrote it. Run the same version on all nodes.");
        }
        return format;
    }

    /**
     * What Pekko expects of a serializer that cannot read something.
     *
     * @param manifest the manifest of the bytes
     * @param cause what is wrong with them
     * @return the exception to throw
     */
    NotSerializableException unreadable(String manifest, RuntimeException cause) {
        NotSerializableException unreadable = new NotSerializableException(
                serializer + " cannot read bytes of manifest \"" + manifest + "\": " + cause.getMessage());
        unreadable.initCause(cause);
        return unreadable;
    }
}
