/** The smallest program on Murmuration. */
@org.jspecify.annotations.NullMarked
package io.murmuration.examples.counter;
