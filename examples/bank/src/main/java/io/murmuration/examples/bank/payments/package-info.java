/** Files of payments: how they are read, how the shipped one was made, and how they are carried out over HTTP. */
@NullMarked
package io.murmuration.examples.bank.payments;

import org.jspecify.annotations.NullMarked;
