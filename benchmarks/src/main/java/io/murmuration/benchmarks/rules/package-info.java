/**
 * Benchmarks of single steps, run by JMH: {@code benchmarks/run rules}. Those that need what is package-private lie in
 * the packages that they measure.
 */
@NullMarked
package io.murmuration.benchmarks.rules;

import org.jspecify.annotations.NullMarked;
