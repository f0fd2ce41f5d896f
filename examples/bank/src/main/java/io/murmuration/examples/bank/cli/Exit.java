package io.murmuration.examples.bank.cli;

/** What the exit codes of the command line mean. */
final class Exit {
    static final int DONE = 0;
    static final int REJECTED = 1;
    static final int USAGE = 2;
    static final int UNKNOWN = 3;

    private Exit() {}
}
