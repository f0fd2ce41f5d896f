/**
 * Judges from outside what clients were answered: is there one order of all operations, in real time, that gives every
 * answer? By search, or by the log indices that the answers carry.
 */
@NullMarked
package io.murmuration.testkit.history;

import org.jspecify.annotations.NullMarked;
