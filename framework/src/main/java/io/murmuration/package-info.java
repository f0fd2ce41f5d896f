/**
 * What a user calls: start a group, ask, read, look at its status, and the errors that tell the truth about an outcome.
 */
@NullMarked
package io.murmuration;

import org.jspecify.annotations.NullMarked;
