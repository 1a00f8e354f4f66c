package org.keyfleet.hsm.smartcard;

import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;

/**
 * A slot of the card, good in one incarnation of {@code owner}.
 *
 * @param birth tells it from an earlier key of the same name in the same slot
 */
record CardKey(
    KeyName name,
    KeyRole role,
    KeyLifetime lifetime,
    int incarnation,
    int slot,
    int birth,
    CardCustody owner)
    implements KeyRef {
  @Override
  public String toString() {
    return "CardKey[" + name + " " + role + "]";
  }
}
