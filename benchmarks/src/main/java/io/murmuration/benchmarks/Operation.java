package io.murmuration.benchmarks;

/** What is asked of the counter. */
enum Operation {
    /** A durable command. */
    ADD,
    /** A linearizable read. */
    READ
}
