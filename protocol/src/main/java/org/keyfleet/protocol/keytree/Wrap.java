package org.keyfleet.protocol.keytree;

/**
 * One wrapped key of a rekey message: the key of {@code parent} under the key of {@code child}, in
 * RFC 9838 appendix A's notation {@code child{parent}}.
 */
public record Wrap(NodeIndex child, NodeIndex parent) {}
