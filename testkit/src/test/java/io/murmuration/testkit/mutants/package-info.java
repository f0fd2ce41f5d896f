/**
 * Bugs that are planted one at a time, each of which the simulator must find: what finds no planted bug proves nothing.
 *
 * @see io.murmuration.testkit.mutants.MutantsIT
 */
@NullMarked
package io.murmuration.testkit.mutants;

import org.jspecify.annotations.NullMarked;
