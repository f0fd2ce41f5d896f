/** The command line {@code murmuration}, which looks into the journal of a stopped node and changes nothing. */
@NullMarked
package io.murmuration.tool;

import org.jspecify.annotations.NullMarked;
