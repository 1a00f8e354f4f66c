package org.keyfleet.hsm.pkcs11;

import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;

/** An object handle, good in one incarnation of {@code owner}. */
record P11Key(
    KeyName name,
    KeyRole role,
    KeyLifetime lifetime,
    int incarnation,
    long handle,
    Pkcs11Custody owner)
    implements KeyRef {
  @Override
  public String toString() {
    return "P11Key[" + name + " " + role + "]";
  }
}
