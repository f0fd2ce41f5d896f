/** Snapshots: kept, served and pulled (§7, thesis 5.1): pure rules, no Pekko, no clock, no I/O. */
@NullMarked
package io.murmuration.core.snapshot;

import org.jspecify.annotations.NullMarked;
