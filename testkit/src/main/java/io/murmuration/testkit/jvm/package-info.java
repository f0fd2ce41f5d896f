/**
 * Real processes for integration tests: child JVMs that are started, asked, paused, killed and started again, and that
 * end when their parent ends, however it ends.
 */
@NullMarked
package io.murmuration.testkit.jvm;

import org.jspecify.annotations.NullMarked;
