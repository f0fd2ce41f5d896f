/** Tests of replication and commitment: tables for the rules, scenarios and random walks for the whole. */
@NullMarked
package io.murmuration.core.log;

import org.jspecify.annotations.NullMarked;
