/** What benchmarks see of the storage engine itself, which is no public API. */
@NullMarked
package io.murmuration.persistence;

import org.jspecify.annotations.NullMarked;
