/**
 * The bank's rules: accounts in whole cents, as a state machine that knows nothing of replication, HTTP or processes.
 */
@NullMarked
package io.murmuration.examples.bank.ledger;

import org.jspecify.annotations.NullMarked;
