/**
 * A whole group in one thread with virtual time: the production cores, and around them a world that a seed decides.
 *
 * @see io.murmuration.testkit.sim.SimulatedCluster
 */
@NullMarked
package io.murmuration.testkit.sim;

import org.jspecify.annotations.NullMarked;
