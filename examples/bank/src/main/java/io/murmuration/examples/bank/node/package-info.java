/** One node of the bank as a process. */
@NullMarked
package io.murmuration.examples.bank.node;

import org.jspecify.annotations.NullMarked;
