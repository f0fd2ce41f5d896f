package io.murmuration.actor;

/** Placeholder so that the contract compiles; replaced by the binary codec. */
final class WireSerializer {
    private WireSerializer() {}
}
