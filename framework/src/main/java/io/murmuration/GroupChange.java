package io.murmuration;

import org.jspecify.annotations.Nullable;

/**
 * Who leads and who belongs to a group, as one node knows it. Members are known as soon as the entry that changes them
 * is in this node's log, committed or not: that is when they are in force (§6).
 *
 * @param term the highest term in which this node has heard of a leader, or of having none
 * @param leader the node that leads in that term, or null if this node knows none
 * @param members the members in force
 * @since 0.1.0
 */
public record GroupChange(long term, @Nullable String leader, MembersView members) {}
