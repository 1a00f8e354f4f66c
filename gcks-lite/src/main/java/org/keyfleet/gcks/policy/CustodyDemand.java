package org.keyfleet.gcks.policy;

/** What a group demands of its members' key custody. */
public enum CustodyDemand {
  /** K_m travels under GSK_w; any tree key may release Rekey SA keying material. */
  STANDARD,
  /** K_m is agreed with the member's token; only the releaser key of an epoch releases. */
  STRICT
}
