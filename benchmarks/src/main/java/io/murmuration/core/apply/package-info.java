/** What benchmarks see of the rules of applying, which are no public API. */
@NullMarked
package io.murmuration.core.apply;

import org.jspecify.annotations.NullMarked;
