package io.murmuration.testkit.sim;

import java.util.List;

/** All that was asked so far, and who wants to hear when a call has ended. */
interface Calls {
    /** Every call, in the order in which they were made. */
    List<SimCall> history();

    /** The call has its answer, or its failure. */
    void ended(SimCall call);
}
