/** What a user's tests need: a state machine is tested here as plain Java, without a node. */
@NullMarked
package io.murmuration.testkit;

import org.jspecify.annotations.NullMarked;
