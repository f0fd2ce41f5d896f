/** The bank's HTTP interface: JSON in and out, problems as RFC 9457 wants them, and a stream of what this node sees. */
@NullMarked
package io.murmuration.examples.bank.http;

import org.jspecify.annotations.NullMarked;
