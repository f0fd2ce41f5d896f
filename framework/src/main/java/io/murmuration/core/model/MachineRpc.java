package io.murmuration.core.model;

/** What Machines say to each other. */
public sealed interface MachineRpc extends Rpc {
    /**
     * What all outcomes up to an index hash to, one after the other. Equal on all nodes, or one of them has folded
     * differently (protocol, Machine 7).
     *
     * @param index the index
     * @param chain the chained hash there
     */
    record OutcomeHash(long index, long chain) implements MachineRpc {}
}
