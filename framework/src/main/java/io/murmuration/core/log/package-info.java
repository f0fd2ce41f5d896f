/** Replication and commitment (§5.3, §5.4.2): pure rules, no Pekko, no clock, no I/O. */
@NullMarked
package io.murmuration.core.log;

import org.jspecify.annotations.NullMarked;
