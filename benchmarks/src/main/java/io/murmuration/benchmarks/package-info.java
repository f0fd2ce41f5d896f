/** Benchmarks of whole clusters: three processes on this machine, each with a journal of its own that really forces. */
@NullMarked
package io.murmuration.benchmarks;

import org.jspecify.annotations.NullMarked;
