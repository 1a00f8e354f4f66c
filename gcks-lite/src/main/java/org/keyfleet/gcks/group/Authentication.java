package org.keyfleet.gcks.group;

import java.util.Locale;

/** How a member proved who it is. */
public enum Authentication {
  CERTIFICATE,
  PSK;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
