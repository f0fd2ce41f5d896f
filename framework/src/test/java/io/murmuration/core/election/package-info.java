/** Tests of the Election's core: a table per rule, then given, when, then over its effects, then seeded random runs. */
@NullMarked
package io.murmuration.core.election;

import org.jspecify.annotations.NullMarked;
