package io.murmuration.core.model;

import java.util.Objects;

/**
 * A user's state in the form in which it is stored and sent: as {@link Encoded}, but of any size.
 *
 * @param serializer the identifier of the Pekko serializer that made the bytes
 * @param manifest what that serializer needs to know of the type
 * @param bytes the bytes
 */
public record EncodedState(int serializer, String manifest, Blocks bytes) {
    /** Checks that nothing is missing. */
    public EncodedState {
        Objects.requireNonNull(manifest);
        Objects.requireNonNull(bytes);
    }
}
