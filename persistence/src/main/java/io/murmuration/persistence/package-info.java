/**
 * The embedded journal and snapshot store: Pekko Persistence plugins over append-only segment files.
 *
 * <p>An answer leaves only after {@code FileChannel.force}. Recovery cuts nothing but a torn tail and refuses any other
 * damage with the file and the offset. The first I/O error ends the journal for good.
 */
@NullMarked
package io.murmuration.persistence;

import org.jspecify.annotations.NullMarked;
