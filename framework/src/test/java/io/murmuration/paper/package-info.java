/** Sentences of the Raft paper, each with the test that holds this implementation to it. */
@NullMarked
package io.murmuration.paper;

import org.jspecify.annotations.NullMarked;
