package org.keyfleet.protocol.keytree;

/** Where in a tree somebody is. */
public interface Occupancy {
  TreeShape shape();

  /** True when a leaf at or below {@code node} is taken. */
  boolean anyBelow(NodeIndex node);
}
