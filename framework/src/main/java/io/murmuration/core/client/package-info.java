/** The other side of sessions (thesis 6.3): serials, retries, honest outcomes. Pure rules. */
@NullMarked
package io.murmuration.core.client;

import org.jspecify.annotations.NullMarked;
