package io.murmuration.actor;

import io.murmuration.core.model.Blocks;
import java.io.IOException;
import java.io.OutputStream;

/** Mutable. What is written goes into blocks. An encoder that exceeds the bound is stopped by an exception. */
final class BlocksOutput extends OutputStream {
    private final Blocks.Builder builder;

    BlocksOutput(long bytesMax) {
        this.builder = new Blocks.Builder(bytesMax);
    }

    @Override
    public void write(int value) throws IOException {
        try {
            builder.add(value);
        } catch (Blocks.TooLargeException e) {
            throw tooLarge(e);
        }
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        try {
            builder.add(from, offset, length);
        } catch (Blocks.TooLargeException e) {
            throw tooLarge(e);
        }
    }

    Blocks written() {
        return builder.build();
    }

    /** Jackson lets this one through as it is. */
    private static IOException tooLarge(Blocks.TooLargeException cause) {
        return new IOException(cause.getMessage(), cause);
    }
}
