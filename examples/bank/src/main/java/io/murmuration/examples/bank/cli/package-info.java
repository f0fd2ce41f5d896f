/** The command line of the bank. */
@NullMarked
package io.murmuration.examples.bank.cli;

import org.jspecify.annotations.NullMarked;
