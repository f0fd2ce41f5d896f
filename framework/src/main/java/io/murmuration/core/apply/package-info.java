/** Sessions and the fold of committed entries (§8, thesis 6): pure rules, no Pekko, no clock, no I/O. */
@NullMarked
package io.murmuration.core.apply;

import org.jspecify.annotations.NullMarked;
