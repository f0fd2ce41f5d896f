package io.murmuration.benchmarks;

/**
 * What is asked of the counter.
 *
 * @param name as it is asked for and reported
 * @param readPercent how many of 100 requests are reads; the others are durable commands
 * @param local whether reads are answered from the state as it is in the process that asks; else they are linearizable
 */
record Operation(String name, int readPercent, boolean local) {
    /** In words, for whoever names another one. */
    static final String KNOWN = "add, read, local, mix (which is mix:90) or mix:PERCENT of reads, 1 to 99";

    private static final String MIX = "mix:";
    private static final int PERCENT = 100;
    /** Has no divisor in common with 100: so often, one after the other, reads and commands are spread evenly. */
    private static final int STEP = 37;

    static Operation of(String name) {
        return switch (name) {
            case "add" -> new Operation(name, 0, false);
            case "read" -> new Operation(name, PERCENT, false);
            case "local" -> new Operation(name, PERCENT, true);
            case "mix" -> new Operation("mix:90", 90, false);
            default -> mix(name);
        };
    }

    private static Operation mix(String name) {
        if (name.matches("mix:[1-9][0-9]?")) {
            return new Operation(name, Integer.parseInt(name.substring(MIX.length())), false);
        }
        throw new IllegalArgumentException("\"" + name + "\" is no operation; take " + KNOWN + ".");
    }

    /** Whether it has commands, so that their size makes a difference. */
    boolean writes() {
        return readPercent < PERCENT;
    }

    /** Whether the request of this number is a read: of 100 in a row as many as were asked for. */
    boolean reads(int number) {
        return Math.floorMod(number * STEP, PERCENT) < readPercent;
    }
}
