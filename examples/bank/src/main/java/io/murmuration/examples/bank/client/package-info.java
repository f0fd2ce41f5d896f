/** Asks the bank over HTTP from outside, on whichever node answers, without ever carrying out a payment twice. */
@NullMarked
package io.murmuration.examples.bank.client;

import org.jspecify.annotations.NullMarked;
