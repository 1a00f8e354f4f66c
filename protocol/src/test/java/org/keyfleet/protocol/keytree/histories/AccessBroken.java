package org.keyfleet.protocol.keytree.histories;

/** Somebody opens a group key that is not for him, or cannot open one that is. */
public final class AccessBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AccessBroken(String what) {
    super(what);
  }
}
