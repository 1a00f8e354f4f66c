package org.keyfleet.hsm.soft;

import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;

/** A key of the store of {@code owner}; a later key of the same name is another one. */
record SoftRef(SoftKey key, int incarnation, SoftCustody owner) implements KeyRef {
  @Override
  public KeyName name() {
    return key.name;
  }

  @Override
  public KeyRole role() {
    return key.role;
  }

  @Override
  public KeyLifetime lifetime() {
    return key.lifetime;
  }

  @Override
  public String toString() {
    return "SoftRef[" + key.name + " " + key.role + "]";
  }
}
