package org.keyfleet.gcks.policy;

/** When a change of membership is sent out. */
public enum RekeyMode {
  /** Each join and each eviction at once. */
  IMMEDIATE,
  /** All joins and evictions of one interval together. */
  INTERVAL
}
