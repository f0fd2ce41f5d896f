/** Terms, votes and leadership (§5.2, §5.4.1, thesis 9.6): pure rules, no Pekko, no clock, no I/O. */
@NullMarked
package io.murmuration.core.election;

import org.jspecify.annotations.NullMarked;
