package io.murmuration.core.model;

/** What Machines say to each other. */
public sealed interface MachineRpc extends Rpc {
    /**
     * What the outcomes up to an index hash to, one after the other, since the epoch of that index began. Equal on all
     * nodes of one shape, or one of them has folded differently (protocol, Machine 7).
     *
     * @param index the index
     * @param shape stands for how the sender encodes replies ({@link Codec#replyShape}); what another shape hashes to
     *     says nothing
     * @param chain the chained hash there
     */
    record OutcomeHash(long index, long shape, long chain) implements MachineRpc {}
}
