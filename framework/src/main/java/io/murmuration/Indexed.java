package io.murmuration;

/**
 * A value and the index of the log that it reflects: every entry up to that index, and none behind it.
 *
 * @param index the index of the last entry that was applied
 * @param value what was read
 * @param <T> the type of the value
 * @since 0.1.0
 */
public record Indexed<T>(long index, T value) {}
