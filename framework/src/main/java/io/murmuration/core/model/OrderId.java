package io.murmuration.core.model;

import java.util.UUID;

/**
 * Which order: the same each time that it is said.
 *
 * @param life the life of the Gateway on which it was given
 * @param number that Gateway's number for it
 */
public record OrderId(UUID life, long number) {}
