/** The smallest program on Murmuration. */
@NullMarked
package io.murmuration.examples.counter;

import org.jspecify.annotations.NullMarked;
