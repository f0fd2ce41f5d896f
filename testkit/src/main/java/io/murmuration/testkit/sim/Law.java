package io.murmuration.testkit.sim;

import java.util.function.Predicate;

/**
 * What a user says must be true of every state.
 *
 * @param what in words
 * @param holds whether it is
 */
record Law(String what, Predicate<Object> holds) {}
