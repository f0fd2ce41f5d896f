/** The shells: actors that receive, call their core and perform its effects in order. They hold no rule of Raft. */
@NullMarked
package io.murmuration.actor;

import org.jspecify.annotations.NullMarked;
