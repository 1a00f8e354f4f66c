package org.keyfleet.gcks.store;

/** The Key ID of one node of the key tree; 0 for a node without a key. */
public record NodeRow(int node, long keyId) {}
