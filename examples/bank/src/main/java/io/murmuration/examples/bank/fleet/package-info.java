/** Nodes as processes on one machine: started, killed, paused, and ended together with whoever started them. */
@NullMarked
package io.murmuration.examples.bank.fleet;

import org.jspecify.annotations.NullMarked;
