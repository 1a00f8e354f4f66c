package org.keyfleet.applet;

/** What a key may do, fixed at its birth: one octet, 0 for an empty slot. */
final class Role {
  static final byte NONE = 0;
  static final byte KEK_PARENT = 1;
  static final byte RELEASER = 2;
  static final byte MAC = 3;
  static final byte IDENTITY = 4;

  private Role() {}

  /** Whether a secret key can have the role, and the length in it. */
  static boolean fits(byte role, short keyOctets) {
    if (role == MAC) {
      return keyOctets == 32;
    }
    return (role == KEK_PARENT || role == RELEASER)
        && (keyOctets == 16 || keyOctets == 24 || keyOctets == 32);
  }
}
