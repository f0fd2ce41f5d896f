/**
 * A node as a process: its configuration from files, environment and options, its start, its health and its orderly
 * end.
 */
@NullMarked
package io.murmuration.bootstrap;

import org.jspecify.annotations.NullMarked;
