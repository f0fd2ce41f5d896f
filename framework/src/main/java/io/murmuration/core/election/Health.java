package io.murmuration.core.election;

/**
 * How long this node's own parts have kept something waiting, in nanoseconds; 0 if nothing waits. Time in which nobody
 * asked them is not counted.
 *
 * @param log since when Log owes the answer to a pulse
 * @param disk since when entries wait for the disk and none became durable
 * @param machine since when Machine owes the answer to a pulse
 * @param fold since when committed entries wait and none was applied
 * @param commit since when entries wait and none was committed
 */
public record Health(long log, long disk, long machine, long fold, long commit) {
    /** Nothing waits. */
    public static final Health WELL = new Health(0, 0, 0, 0, 0);
}
