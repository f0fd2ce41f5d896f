package io.murmuration.core.model;

/**
 * What one node says to another. Every message can be lost, late, doubled, or stale by a restart; order is kept only
 * from one actor to one other. A request is judged by group and term alone; answers are counted only from a (node,
 * incarnation) among the voters of the counter's members [A7].
 */
public sealed interface Rpc permits ElectionRpc, LogRpc, SnapshotRpc, MachineRpc, ClientRpc, FoundingRpc, NodeRpc {}
