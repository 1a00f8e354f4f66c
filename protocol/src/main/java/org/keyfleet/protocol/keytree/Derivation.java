package org.keyfleet.protocol.keytree;

/** The key of {@code parent} is computed from the key of {@code child}, one of its children. */
public record Derivation(NodeIndex child, NodeIndex parent) {}
