/** What benchmarks see of the serializers, which are no public API. */
@NullMarked
package io.murmuration.actor;

import org.jspecify.annotations.NullMarked;
