/** Runs the bank through faults and checks each of its answers against a model of its own. */
@NullMarked
package io.murmuration.examples.bank.demo;

import org.jspecify.annotations.NullMarked;
