/** What a user writes: commands and their fold. It knows nothing of Raft or Pekko, so that a fold is tested alone. */
@NullMarked
package io.murmuration.machine;

import org.jspecify.annotations.NullMarked;
