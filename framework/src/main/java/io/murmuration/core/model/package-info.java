/**
 * The vocabulary of the Raft paper as values: ids, entries, ballots, members, messages between nodes, stored records.
 */
@NullMarked
package io.murmuration.core.model;

import org.jspecify.annotations.NullMarked;
